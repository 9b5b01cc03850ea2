// The frame: who is signed in, which pages there are, and which one is shown.

import { has, readSession, signInByCode, signOut } from './lib/api.js';
import { h, put, say } from './lib/dom.js';
import { startTheme } from './lib/theme.js';
import * as alerts from './pages/alerts.js';
import * as business from './pages/business.js';
import * as data from './pages/data.js';
import * as drift from './pages/drift.js';
import * as latency from './pages/latency.js';
import * as models from './pages/models.js';
import * as overview from './pages/overview.js';
import * as playground from './pages/playground.js';
import * as settings from './pages/settings.js';
import * as signin from './pages/signin.js';

const PAGES = { overview, latency, business, drift, alerts, models, data, playground, settings };
const main = document.getElementById('main');
const nav = document.getElementById('pages');
let signedIn = false;
let leave = () => {};
let visit = 0;

const shown = () => Object.entries(PAGES).filter(([, page]) => !page.needs || has(page.needs));

function wanted() {
  const name = location.hash.replace(/^#\//, '').split('?')[0];
  return shown().find(([key]) => key === name)?.[0] ?? 'overview';
}

async function show() {
  leave();
  leave = () => {};
  const mine = ++visit;
  const name = wanted();
  const page = PAGES[name];
  document.title = `${page.title} · RecSys`;
  if (!location.hash.startsWith(`#/${name}`)) history.replaceState(null, '', `#/${name}`);
  for (const link of nav.querySelectorAll('a')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  nav.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  const place = h('div', { class: `page ${name}` });
  put(main, h('h1', null, page.title), h('p', { class: 'lead' }, page.lead), place);
  main.dataset.page = name;
  delete main.dataset.ready;
  const said = new URLSearchParams(location.hash.split('?')[1] ?? '');
  try {
    const cleanup = await page.show(place, said);
    // Another page was asked for meanwhile.
    if (mine === visit) leave = cleanup ?? (() => {});
    else cleanup?.();
  } catch (fault) {
    if (mine === visit) put(place, h('p', { class: 'bad' }, fault.message));
  }
  if (mine === visit) main.dataset.ready = name;
}

function frame(session) {
  signedIn = session.signed_in;
  nav.hidden = !signedIn;
  document.getElementById('sign-out').hidden = !signedIn;
  put(document.getElementById('who'), signedIn ? session.subject : '');
  put(nav, h('ul', null, shown().map(([name, page]) =>
    h('li', null, h('a', { href: `#/${name}`, 'data-page': name }, page.title)))));
  if (signedIn) show();
  else signInPage(session);
}

function signInPage(session) {
  visit++;
  leave();
  leave = () => {};
  document.title = 'Sign in · RecSys';
  signin.show(main, session, frame);
  main.dataset.ready = 'signin';
}

async function start() {
  // The code is gone from the address before anything else: it is of use once.
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code) history.replaceState(null, '', location.pathname);
  let session = await readSession();
  if (code && !session.signed_in) {
    try {
      session = await signInByCode(code);
    } catch (fault) {
      say(fault.message, true);
    }
  }
  frame(session);
}

startTheme(document.getElementById('theme'));
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
document.getElementById('sign-out').addEventListener('click', async () => {
  leave();
  leave = () => {};
  await signOut();
  frame(await readSession());
});
window.addEventListener('hashchange', () => {
  if (signedIn) show();
});
window.addEventListener('signed-out', async () => {
  say('The session is over. Sign in again.', true);
  frame(await readSession());
});
window.addEventListener('stream-lost', async () => {
  const session = await readSession();
  if (!session.signed_in && signedIn) frame(session);
});
start().catch((fault) => put(main, h('p', { class: 'bad' }, fault.message)));
