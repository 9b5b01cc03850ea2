// Who are you? A token is shown once, to the server, and kept by nobody here.

import { signIn } from '../lib/api.js';
import { h, put } from '../lib/dom.js';

export function show(main, session, signedIn) {
  // A browser drops the cookie of such a page, and the token could be read on the way: nothing is sent.
  if (!session.development && !window.isSecureContext) {
    put(main, h('h1', null, 'Sign in'), h('p', { class: 'bad', role: 'alert' },
      'This page came without TLS, so that nobody can sign in here. Open it by https, by way of the proxy in front of the server.'));
    return;
  }
  const fault = h('p', { class: 'bad', role: 'alert' });
  const token = h('input', {
    type: 'password', name: 'token', required: true, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'token-note',
  });
  const form = h('form', { class: 'card narrow', onsubmit: submit },
    h('label', null, 'Token with the scope admin', token),
    h('small', { id: 'token-note' }, session.development
      ? 'The link that the server printed at its start signs in, once. Or issue a token: recsys token --user you --scope admin'
      : 'From your issuer. The browser gets a cookie in its place, which ends with the token.'),
    fault, h('button', { type: 'submit', class: 'main' }, 'Sign in'));

  async function submit(event) {
    event.preventDefault();
    try {
      const begun = await signIn(token.value.trim());
      token.value = '';
      signedIn(begun);
    } catch (refusal) {
      put(fault, refusal.status === 403 ? 'This token has not the scope admin.'
        : refusal.status === 401 ? 'This token is not valid here, or not any more.' : refusal.message);
    }
  }

  put(main, h('h1', null, 'Sign in'), form);
  token.focus();
}
