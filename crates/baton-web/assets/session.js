// Session: says before it ends, and after it has ended takes the token of the new one without a new page.
import { grid as form, w } from './grid.js';

const WARN_S = 180;
const banner = document.getElementById('session');
const opened = Date.now();
let last = Date.now();

export const warn = (words) => {
  banner.hidden = !words;
  banner.querySelector('span').textContent = words;
};

// The server has answered: the session goes on.
export const heard = () => { last = Date.now(); warn(''); };

// Somebody signed in again elsewhere: the page takes that session's token, when it is the same person.
export const renew = async () => {
  const answer = await fetch(location.pathname, { credentials: 'same-origin', redirect: 'manual' });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.getElementById('grid');
  if (!fresh || fresh.dataset.person !== form.dataset.person) return false;
  const token = fresh.querySelector('input[name=csrf]').value;
  for (const input of document.querySelectorAll('input[name=csrf]')) input.value = token;
  return true;
};

const left = () => Math.min(Number(form.dataset.idle) - (Date.now() - last) / 1000, Number(form.dataset.ends) - (Date.now() - opened) / 1000);
if (form && banner) {
  setInterval(() => {
    const seconds = left();
    if (seconds <= 0 || seconds > WARN_S) return;
    const minutes = Math.ceil(seconds / 60);
    warn(w(`${minutes} 分钟后登录过期，填的已存为草稿。`, `Your session ends in ${minutes} min; what you typed is kept.`));
  }, 15000);
}
