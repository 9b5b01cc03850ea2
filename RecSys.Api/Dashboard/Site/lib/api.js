// Calls to this server. A session is a cookie that no script sees; changes send back what only our pages can read.

let session = null;

/** Why a call was refused, in the server's words. */
class Refusal extends Error {
  constructor(status, problem) {
    const faults = Object.entries(problem?.errors ?? {}).map(([place, all]) => `${place} ${all.join(', ')}`);
    super(faults.length > 0 ? faults.join('; ') : problem?.detail ?? problem?.title ?? `The server answered ${status}.`);
    this.status = status;
  }
}

async function call(method, path, { body, headers = {} } = {}) {
  if (method !== 'GET' && session?.csrf) headers['X-CSRF-Token'] = session.csrf;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(path, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: 'same-origin', redirect: 'error',
  });
  const type = answer.headers.get('Content-Type') ?? '';
  const content = type.includes('json') ? await answer.json() : null;
  if (answer.ok) return content;
  if (answer.status === 401 && session?.signed_in) window.dispatchEvent(new Event('signed-out'));
  throw new Refusal(answer.status, content);
}

export const get = (path) => call('GET', path);
export const post = (path, body) => call('POST', path, { body });
export const remove = (path) => call('DELETE', path);

/** Whether the server has a route, as 'GET /models'; what it lacks is never asked for. */
export const has = (route) => session?.routes?.includes(route) ?? false;

/** Origins that pictures may come from. */
export const imageHosts = () => session?.image_hosts ?? [];

export async function readSession() {
  session = await call('GET', '/dashboard/session');
  return session;
}

export async function signIn(token) {
  session = await call('POST', '/dashboard/session', { headers: { Authorization: `Bearer ${token}` } });
  return session;
}

export async function signInByCode(code) {
  session = await call('POST', '/dashboard/session/code', { body: { code } });
  return session;
}

export async function signOut() {
  await call('DELETE', '/dashboard/session');
  session = null;
}

/** /items/{id} with the id written as the server reads it. */
export const address = (pattern, ...values) => {
  let at = 0;
  return pattern.replaceAll(/\{\w+\}/g, () => encodeURIComponent(values[at++]));
};

/** ?a=1&b=2 of what is not empty. */
export const query = (values) => {
  const kept = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return kept.length === 0 ? '' : `?${kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
};
