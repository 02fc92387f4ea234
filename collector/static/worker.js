// The service worker of the form.  SHELL (addresses) and VERSION (their hash) are put before this text
// by views/phone.py.  It keeps blank pages and files; answers are kept by the page itself, never here.

const PATIENCE = 4000; // ms: a bus tunnel should not show a white page for longer
const FILES = `debrief-files-${VERSION}`;
const PAGES = "debrief-forms";
const NO_CONNECTION = ["en", "zh"].map((language) => `/f/no-connection?lang=${language}`);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll([...SHELL, ...NO_CONNECTION])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

// The page that is open asks to be kept, in both languages: as a blank copy, because what a page shows
// of one person's answers is not for the next one who uses the phone.
self.addEventListener("message", (event) => {
  const pages = (event.data && event.data.keep) || [];
  event.waitUntil(Promise.all(pages.map((page) => keepBlank(page).catch(() => undefined))));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(keptFile(request));
  else if (url.pathname.startsWith("/f/") && isPage(request)) event.respondWith(page(request));
});

function isPage(request) {
  return request.mode === "navigate" || (request.headers.get("Accept") || "").startsWith("text/html");
}

async function dropOld() {
  const old = (await caches.keys()).filter((name) => name.startsWith("debrief-") && ![FILES, PAGES].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function keptFile(request) {
  return (await caches.match(request)) || fetch(request);
}

// The network first, because a page may have news; the kept copy when there is no answer in time.
// `fresh`: the expert wants to change what was sent, which the blank copy does not know.
async function page(request) {
  const kept = await keptPage(request);
  const fresh = new URL(request.url).searchParams.has("fresh");
  if (kept && fresh) return fetch(request).catch(() => kept);
  if (kept) return Promise.race([fetch(request).catch(() => kept), after(PATIENCE, kept)]);
  return fetch(request).catch(() => noConnection(new URL(request.url)));
}

async function keptPage(request) {
  const cache = await caches.open(PAGES);
  return (await cache.match(request)) || cache.match(request, { ignoreSearch: true });
}

function noConnection(url) {
  const language = url.searchParams.get("lang") || navigator.language;
  return caches.match(NO_CONNECTION[language.startsWith("zh") ? 1 : 0]);
}

async function keepBlank(page) {
  const address = new URL(page, self.location.origin);
  address.searchParams.set("blank", "1");
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  // A redirected answer belongs to another address; a refusal is no page to open again.
  if (!response.ok || response.redirected || response.type !== "basic") return;
  await (await caches.open(PAGES)).put(page, response);
}

function after(ms, value) {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}
