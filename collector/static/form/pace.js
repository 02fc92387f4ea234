// When to try again: by our own growing pause, and not before the server asks for it.

const FIRST_PAUSE = 2000; // ms
const LONGEST_PAUSE = 300000; // ms between two tries while the page is open
const LONGEST_ASKED = 3600000; // ms: a mistake in a header must not hold answers back for days

// ms after so many tries in a row; luck 0…1.  With jitter, or a bus full of experts would try in the same second.
export function pauseAfter(tries, luck) {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 12)) * (0.5 + luck / 2);
}

// The moment (ms) until which a Retry-After header asks to wait: seconds or a date (RFC 9110, 10.2.3); 0: none.
export function askedUntil(header, now) {
  if (!header) return 0;
  const moment = /^\s*\d+\s*$/.test(header) ? now + Number(header) * 1000 : Date.parse(header);
  return moment > now ? Math.min(moment, now + LONGEST_ASKED) : 0;
}

// false too where the phone's clock was set back since, or the answers would wait for it to catch up
export function mustWait(until, now) {
  return until > now && until <= now + LONGEST_ASKED;
}

// ms until the next try of an entry that waits
export function nextTry({ tries, until }, now, luck) {
  const pause = pauseAfter(tries, luck);
  return mustWait(until, now) ? Math.max(pause, until - now + luck * FIRST_PAUSE) : pause;
}
