// Search while typing: the hits of the words so far, fetched a moment after the last key; the form works without it.
const field = document.querySelector('input[data-hits]');
const place = field && document.getElementById(field.dataset.hits);
let timer = 0;
let asking = null;

const ask = async () => {
  const words = field.value.trim();
  if (asking) asking.abort();
  asking = new AbortController();
  const path = '/search?q=' + encodeURIComponent(words);
  try {
    const answer = await fetch(path + '&part=hits', { signal: asking.signal, headers: { accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return;
    place.innerHTML = await answer.text();
    history.replaceState(null, '', path);
  } catch (stopped) {
    // A newer question took its place, or the network is away: the button still works.
  }
};

if (place) {
  field.addEventListener('input', (event) => {
    clearTimeout(timer);
    // A word being put together by an input method is no word yet.
    if (!event.isComposing) timer = setTimeout(ask, 150);
  });
  field.addEventListener('compositionend', () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
}
