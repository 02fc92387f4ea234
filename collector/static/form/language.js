// The other language in place: the same page is fetched in it, and what was typed moves over.

const texts = new Map(); // language -> page, fetched ahead where no service worker keeps pages

export function otherLanguage(page) {
  return page.language === "zh" ? "en" : "zh";
}

export async function fetchAhead(page) {
  for (const language of [otherLanguage(page), page.language]) {
    try {
      texts.set(language, await fetchPage(language));
    } catch { /* fetched when it is asked for */ }
  }
}

// Puts the page's other language in the place of this one.  Throws when it cannot be had.
export async function swapLanguage(language) {
  const text = texts.get(language) || await fetchPage(language);
  const other = new DOMParser().parseFromString(text, "text/html");
  if (!other.getElementById("form")) throw new Error("not the form");
  document.documentElement.lang = other.documentElement.lang;
  document.title = other.title;
  document.body.replaceChildren(...[...other.body.childNodes].map((node) => document.adoptNode(node)));
}

async function fetchPage(language) {
  const response = await fetch(`${location.pathname}?lang=${language}`, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}
