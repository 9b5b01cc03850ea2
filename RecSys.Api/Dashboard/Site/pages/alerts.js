// What is wrong, what was, and what nobody shall be told of for a while.

import { address, get, has, post, remove } from '../lib/api.js';
import { badge, card, h, put, say, table } from '../lib/dom.js';
import { date, inUnit, kindOf, number, text, words } from '../lib/format.js';
import { every } from '../lib/live.js';

export const title = 'Alerts';
export const lead = 'Rules that watch the figures, what they found, and what was done by itself.';
export const needs = 'GET /monitoring/alerts';

const SILENCES = 'POST /monitoring/alerts/silences';
const value = (row, name) => inUnit(row[name], row.unit);

export async function show(place) {
  const light = h('div');
  const active = h('div');
  const owed = h('div');
  const silences = h('div');
  const rules = h('div');
  const history = h('div');
  const rule = h('select', { name: 'rule' });
  const minutes = h('input', { type: 'number', name: 'minutes', min: '1', max: '10080', value: '60', required: true });
  const reason = h('input', { type: 'text', name: 'reason', required: true, maxlength: '200', autocomplete: 'off' });
  const form = h('form', { class: 'grid', onsubmit: silence }, h('label', null, 'Rule', rule), h('label', null, 'Minutes', minutes),
    h('label', null, 'Reason', reason), h('button', { type: 'submit', class: 'main' }, 'Silence'));

  async function silence(event) {
    event.preventDefault();
    await act(() => post('/monitoring/alerts/silences',
      { rule: rule.value, minutes: Number(minutes.value), reason: reason.value }), `${words(rule.value)} is silent now.`);
    reason.value = '';
  }

  async function act(work, done) {
    try {
      // What is in force and could not be stored is told in the server's words.
      const answer = await work();
      say(answer?.note ? `${done} ${answer.note}` : done, Boolean(answer?.note));
      await refresh();
    } catch (fault) {
      say(fault.message, true);
    }
  }

  const refresh = async () => {
    const report = await get('/monitoring/alerts');
    put(light, h('p', null, h('span', { class: `dot ${kindOf(report.light)}` }), `The light is ${report.light}.`),
      report.stored === false ? h('p', null, badge('not stored', 'bad'),
        ' What alerts keep cannot be written: a restart forgets what changed since. The log says why.') : null,
      h('ul', null, (report.reasons ?? []).map((each) => h('li', null, each))));
    put(active, table('Active alerts', [
      ['Alert', (row) => words(row.name)], ['Level', (row) => badge(row.level, kindOf(row.level))], ['Since', (row) => date(row.since)],
      ['Value', (row) => value(row, 'value'), 'number'], ['Threshold', (row) => value(row, 'threshold'), 'number'],
      ['What', (row) => row.summary], ['Silent until', (row) => date(row.silenced_until)],
      ['Done by itself', (row) => (row.acted ?? []).map(words).join(', ') || '–'], ['Runbook', (row) => text(row.runbook)],
    ], report.active ?? [], 'None.'));
    put(owed, (report.owed ?? []).length === 0 ? null : card('Failed, and tried again', table('Failed, and tried again', [
      ['Incident', (row) => text(row.incident)], ['What', (row) => words(row.action)], ['Tries', (row) => number(row.tries), 'number'],
      ['Next', (row) => date(row.next)], ['Why', (row) => text(row.fault)],
    ], report.owed)));
    put(silences, table('Silences', [
      ['Rule', (row) => words(row.rule)], ['Until', (row) => date(row.until)], ['By', (row) => text(row.by)],
      ['Reason', (row) => text(row.reason)],
      ['', (row) => h('button', {
        type: 'button', class: 'secondary', 'aria-label': `End the silence of ${words(row.rule)}`,
        onclick: () => act(() => remove(address('/monitoring/alerts/silences/{id}', row.id)), `${words(row.rule)} is heard again.`),
      }, 'End')],
    ], report.silences ?? [], 'None.'));
    put(rules, table('Rules', [
      ['Rule', (row) => words(row.name)], ['State', (row) => badge(words(row.state), kindOf(row.state))],
      ['Value', (row) => value(row, 'value'), 'number'], ['Yellow', (row) => value(row, 'yellow'), 'number'],
      ['Red', (row) => value(row, 'red'), 'number'],
    ], report.rules ?? []));
    put(history, table('History', [
      ['When', (row) => date(row.at)], ['Alert', (row) => words(row.name)],
      ['Change', (row) => [badge(row.from, kindOf(row.from)), ' → ', badge(row.to, kindOf(row.to))]],
      ['What', (row) => text(row.summary)],
    ], report.history ?? [], 'Nothing happened yet.'));
    if (rule.options.length === 0) put(rule, (report.rules ?? []).map((row) => h('option', { value: row.name }, words(row.name))));
  };

  put(place, card(null, light), card('Active', active), owed, has(SILENCES) ? card('Silence a rule', form) : null,
    card('Silences', silences), card('Rules', rules), card('History', history));
  await refresh();
  return every(15, () => refresh().catch(() => {}));
}
