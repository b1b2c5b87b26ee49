// Page: filters send themselves, the error summary takes the focus, and leaving with unsaved words is asked about.
for (const form of document.querySelectorAll('form.filters')) {
  form.addEventListener('change', (event) => {
    if (event.target.tagName === 'SELECT') form.submit();
  });
}

const trouble = document.getElementById('trouble');
if (trouble) trouble.focus();

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
// What scrolls sideways can be reached by the keyboard.
const reachable = () => {
  for (const box of document.querySelectorAll('.wide')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
};
addEventListener('resize', reachable);
reachable();

// A link to a field inside a closed part opens it.
const open = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let up = target; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
  if (target && target.tagName === 'DETAILS') target.querySelector('textarea, input:not([type=hidden]), select')?.focus?.();
};
addEventListener('hashchange', open);
open();

// One press, one request: a second press of the same button waits for the page.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || form.dataset.sent) {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 5000);
});

let unsaved = false;
document.addEventListener('input', (event) => {
  const form = event.target.form;
  if (form && form.method === 'post' && event.target.tagName === 'TEXTAREA' && !form.dataset.draft) unsaved = true;
});
document.addEventListener('submit', () => { unsaved = false; });
addEventListener('beforeunload', (event) => {
  if (unsaved) { event.preventDefault(); event.returnValue = ''; }
});

// On a phone the tables by unit wait folded below their lines.
if (matchMedia('(max-width: 760px)').matches) {
  for (const part of document.querySelectorAll('.area details.data[open]')) if (part.id !== location.hash.slice(1)) part.open = false;
}
