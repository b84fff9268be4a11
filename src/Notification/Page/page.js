// Keeps the page up to date: on an event it fetches the page again and replaces the parts that have changed.
'use strict';
document.documentElement.classList.add('script');
const live = document.getElementById('live');
let fetching = false;
let again = false;

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  do {
    again = false;
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, redirect: 'manual' });
      if (answer.ok) replace(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch {
      // The connection is gone; the next one begins with an event.
    }
  } while (again);
  fetching = false;
}

function replace(page) {
  document.title = page.title;
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.outerHTML !== part.outerHTML) part.replaceWith(document.importNode(fresh, true));
  }
}

if (live) {
  const events = new EventSource(live.dataset.events);
  events.onopen = () => { live.textContent = 'Live'; live.className = 'on'; };
  events.onerror = () => {
    live.textContent = events.readyState === EventSource.CLOSED ? 'Not live: reload for news' : 'Reconnecting…';
    live.className = '';
  };
  events.onmessage = refresh;
}

document.addEventListener('click', async event => {
  if (!event.target.matches('[data-copy]')) return;
  const button = event.target;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  live.textContent = 'Copied';
});
