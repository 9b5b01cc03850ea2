// Every version of the model, which one serves, and how another one takes its place.

import { address, get, post } from '../lib/api.js';
import { badge, card, confirmed, h, put, say, table } from '../lib/dom.js';
import { date, kindOf, number, text, words } from '../lib/format.js';
import { every } from '../lib/live.js';
import { nights } from './nights.js';

export const title = 'Models';
export const lead = 'Versions with their states and figures. A promotion loads and checks first; a rollback gives the place back.';

const MAY_SERVE = ['staging', 'shadow', 'canary', 'retired'];

export async function show(place) {
  const list = h('div');
  const comparison = h('div');
  const details = h('div', { tabindex: '-1' });
  const runs = h('div');
  const compared = new Set();
  let page = null;

  const refresh = async () => {
    const [models, done] = await Promise.all([get('/models?limit=100'), get('/dashboard/nights')]);
    page = models;
    if (compared.size === 0) page.models.slice(0, 2).forEach((model) => compared.add(model.version));
    showList();
    compare();
    put(runs, nights(done, page.nights));
  };

  function showList() {
    put(list, table('Model versions', [
      ['Version', (row) => [row.version, row.version === page.serving ? [' ', badge('serves here', 'good')] : null]],
      ['State', (row) => badge(row.state, kindOf(row.state))], ['Since', (row) => date(row.since)], ['Bundle', (row) => row.bundle],
      ['In memory', (row) => text(row.in_memory)], ['Items', (row) => number(row.items), 'number'],
      ['Compare', (row) => h('input', {
        type: 'checkbox', 'aria-label': `Compare ${row.version}`, checked: compared.has(row.version),
        onchange: (event) => { if (event.target.checked) compared.add(row.version); else compared.delete(row.version); compare(); },
      })],
      ['', (row) => h('div', { class: 'row' },
        h('button', {
          type: 'button', class: 'secondary', 'aria-label': `Details of ${row.version}`, onclick: () => look(row.version),
        }, 'Details'),
        row.version === page.champion && row.lineage?.predecessor
          ? h('button', { type: 'button', class: 'danger', onclick: () => rollBack(row) }, 'Roll back')
          : MAY_SERVE.includes(row.state) && row.bundle === 'valid'
            ? h('button', {
              type: 'button', class: 'main', 'aria-label': `Promote ${row.version}`, onclick: () => promote(row),
            }, 'Promote')
            : null)],
    ], page.models, 'No version yet: train one.'));
  }

  function compare() {
    const chosen = page.models.filter((model) => compared.has(model.version));
    const names = [...new Set(chosen.flatMap((model) => Object.keys(model.metrics ?? {})))].sort();
    put(comparison, table('Figures from training', [
      ['Figure', (name) => words(name)],
      ...chosen.map((model) => [model.version, (name) => number(model.metrics?.[name], 4), 'number']),
      ...(chosen.length === 2 ? [['Difference', (name) => difference(chosen, name), 'number']] : []),
    ], names, 'Choose versions in the table above.'));
  }

  async function look(version) {
    const found = await get(address('/models/{version}', version));
    const lineage = found.model.lineage ?? {};
    put(details, card(version,
      h('p', null, found.model.reason ? `${words(found.model.state)}: ${found.model.reason}` : words(found.model.state)),
      found.model.fault ? h('p', { class: 'bad' }, found.model.fault) : null,
      h('p', { class: 'muted' }, `Signature ${text(found.signature)}. Trained ${date(found.model.created_at)} on `
        + `${number(lineage.window_events)} events from ${date(lineage.window_from)} to ${date(lineage.window_to)}. `
        + `Before it: ${text(lineage.predecessor ?? lineage.parent)}.`),
      table('History of the version', [
        ['When', (row) => date(row.time)], ['From', (row) => text(row.from)], ['To', (row) => text(row.to)],
        ['By', (row) => text(row.actor)], ['Reason', (row) => text(row.reason)],
      ], found.history ?? [])));
    details.focus();
  }

  async function change(version, verb, question, detail, button) {
    const reason = await confirmed(question, { detail, button, reason: true });
    if (reason === null) return;
    try {
      const reply = await post(`${address('/models/{version}', version)}:${verb}`, reason === '' ? undefined : { reason });
      say(reply.note ?? `${reply.champion} is the champion and serves.`);
    } catch (fault) {
      say(fault.message, true);
    }
    await refresh();
  }

  const promote = (row) => change(row.version, 'promote', `Make ${row.version} the champion?`,
    `It is loaded and checked, then it serves every request in place of ${page.champion ?? 'none'}.`, 'Promote');
  const rollBack = (row) => change(row.version, 'rollback', `Take ${row.version} back?`,
    `${row.lineage?.predecessor ?? 'The champion before'} takes its place again, at once.`, 'Roll back');

  put(place, card('Versions', list), details, card('Compared', comparison), card('Nights', runs));
  await refresh();
  return every(20, () => refresh().catch(() => {}));
}

function difference([one, other], name) {
  const [a, b] = [one.metrics?.[name], other.metrics?.[name]];
  if (a === undefined || b === undefined) return '–';
  return `${a >= b ? '+' : '−'}${number(Math.abs(a - b), 4)}`;
}
