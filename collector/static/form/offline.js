// The service worker, where there is one; and what is done where there is none.

import { fetchAhead } from "./language.js";

let keepsPages = true;

// Where false, a page that is closed cannot be opened again without reception.
export const canReopen = () => keepsPages;

export async function startWorker(page) {
  await loaded();
  try {
    // Some in-app browsers have the interface and never finish: nothing waits for it.
    await navigator.serviceWorker.register("/f/worker.js", { scope: "/f/" });
    await keepPages(page);
  } catch {
    keepsPages = false;
    document.dispatchEvent(new CustomEvent("debrief:no-copy"));
    if (document.getElementById("form")) fetchAhead(page);
  }
}

// Asks for fresh blank copies of this page, for the next time without reception.
export async function keepPages(page) {
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: addresses(page) });
}

function loaded() {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
}

// Both languages of the form, and the address as an invitation spells it.
function addresses(page) {
  if (!document.getElementById("form")) return [];
  const here = location.pathname;
  const languages = ["zh", "en"].sort((one) => (one === page.language ? 1 : -1));
  return [...languages.map((language) => `${here}?lang=${language}`), here];
}

// WeChat, QQ and Weibo open links in a browser of their own that may forget pages.
export function isInApp() {
  return /MicroMessenger|QQ\/|Weibo/i.test(navigator.userAgent);
}
