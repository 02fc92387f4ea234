// How long answers may lie on a phone, and how near the deadline may come, before the page says so.

const DAY = 86400000; // ms
const LONG = 3 * DAY; // Safari empties a page's memory after seven days without a visit
const NEAR = 2 * DAY;

// moment: ms or a date as text
export function liesLong(moment) {
  return Date.now() - new Date(moment).getTime() >= LONG;
}

// Over is near, too: the copy of a page that is kept on the phone may be opened after the deadline.
export function isNear(deadline) {
  return new Date(deadline).getTime() - Date.now() < NEAR;
}
