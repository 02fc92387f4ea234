// The service worker of the form.  SHELL (addresses) and VERSION (their hash) are put before this text
// by views/phone.py.  It keeps pages and files; answers are kept by the page itself, never here.

const PATIENCE = 4000; // ms: a bus tunnel should not show a white page for longer
const FILES = `debrief-files-${VERSION}`;
const PAGES = "debrief-pages";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldFiles().then(() => self.clients.claim()));
});

// The page that is open now was loaded before this worker existed: it asks to be kept, in both languages.
self.addEventListener("message", (event) => {
  const pages = (event.data && event.data.keep) || [];
  event.waitUntil(Promise.all(pages.map((page) => fetchPage(new Request(page)).catch(() => undefined))));
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

async function dropOldFiles() {
  const old = (await caches.keys()).filter((name) => name.startsWith("debrief-files-") && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function keptFile(request) {
  return (await caches.match(request)) || fetch(request);
}

// The network first, because a page may have news; the kept copy when there is no answer in time.
async function page(request) {
  const kept = await keptPage(request);
  if (!kept) return fetchPage(request);
  return Promise.race([fetchPage(request).catch(() => kept), after(PATIENCE, kept)]);
}

async function keptPage(request) {
  const cache = await caches.open(PAGES);
  return (await cache.match(request)) || cache.match(request, { ignoreSearch: true });
}

async function fetchPage(request) {
  const response = await fetch(request);
  // A redirected answer belongs to another address; a refusal is no page to open again.
  if (response.ok && !response.redirected && response.type === "basic") {
    const cache = await caches.open(PAGES);
    await cache.put(request.url, response.clone());
  }
  return response;
}

function after(ms, value) {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}
