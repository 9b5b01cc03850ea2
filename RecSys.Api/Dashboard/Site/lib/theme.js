// Light, dark, or as the system says; kept in this browser.

const KEY = 'recsys-theme';
const NAMES = ['system', 'light', 'dark'];

function apply(name) {
  if (name === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', name);
}

export function startTheme(button) {
  let name = localStorage.getItem(KEY);
  if (!NAMES.includes(name)) name = 'system';
  const show = () => {
    apply(name);
    button.textContent = `Theme: ${name}`;
    window.dispatchEvent(new Event('theme'));
  };
  show();
  button.addEventListener('click', () => {
    name = NAMES[(NAMES.indexOf(name) + 1) % NAMES.length];
    localStorage.setItem(KEY, name);
    show();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => window.dispatchEvent(new Event('theme')));
}

/** A colour of the style sheet as it looks now, for what is drawn on a canvas. */
export function colour(name) {
  const probe = document.createElement('span');
  probe.style.setProperty('color', `var(--${name})`);
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
