// Staying: before a session ends for being idle, the page says so; "I am here" or any key keeps it.
const notice = document.getElementById('staying');
// The form of a report keeps its own watch.
if (notice && !document.getElementById('grid')) {
  const idle = Number(notice.dataset.idle);
  const warning = 120;
  let last = Date.now();
  let sent = Date.now();
  const stay = async () => {
    last = sent = Date.now();
    notice.hidden = true;
    const body = new URLSearchParams({ csrf: notice.dataset.token });
    await fetch('/account/sessions/staying', { method: 'POST', body }).catch(() => {});
  };
  notice.querySelector('button').addEventListener('click', stay);
  // Somebody who types is here: told to the server at most every five minutes.
  document.addEventListener('input', () => {
    last = Date.now();
    if (last - sent > 300000) stay();
  });
  setInterval(() => {
    const left = Math.round(idle - (Date.now() - sent) / 1000);
    if (left <= 0 && !notice.hidden) { location.assign('/sign-in?note=ended'); return; }
    notice.hidden = left > warning;
    if (!notice.hidden) notice.querySelector('b').textContent = String(Math.max(left, 0));
  }, 1000);
}
