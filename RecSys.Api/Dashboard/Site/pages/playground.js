// A list as a user gets it, and how it came about. Nothing that is done here is remembered of the user.

import { get, query } from '../lib/api.js';
import { card, h, put } from '../lib/dom.js';
import { outcome } from './playground/outcome.js';

export const title = 'Playground';
export const lead = 'Any user’s list with the reasons for each item. Runs leave nothing behind: no record, nothing seen, no figure.';

const DEVICES = ['', 'mobile', 'desktop', 'tablet', 'tv', 'web'];

export async function show(place, said) {
  const [page, recent] = await Promise.all([get('/models?limit=100'), get('/events/recent')]);
  const versions = page.models.filter((model) => ['champion', 'live'].includes(model.in_memory)).map((model) => model.version);
  const names = [...new Set(recent.events.map((event) => event.user_id).filter(Boolean))].slice(0, 6);
  const one = variant('A', versions, page.serving);
  const other = variant('B', versions, page.serving);
  const user = h('input', {
    type: 'text', name: 'user', required: true, maxlength: '256', autocomplete: 'off', value: said.get('user') ?? names[0] ?? 'someone',
  });
  const both = h('input', { type: 'checkbox', name: 'compare', role: 'switch', onchange: () => { other.form.hidden = !both.checked; } });
  other.form.hidden = true;
  const fault = h('p', { class: 'bad', role: 'alert' });
  const results = h('div', { class: 'results', 'aria-live': 'polite' });

  async function run(event) {
    event?.preventDefault();
    put(fault);
    results.dataset.state = 'busy';
    try {
      const wanted = both.checked ? [one, other] : [one];
      const lists = await Promise.all(wanted.map((each) => get(`/recommend${query({
        user_id: user.value.trim(), ...each.values(), include: 'reasons,propensity,timing,trace',
      })}`)));
      put(results, lists.map((list, at) => outcome(both.checked ? wanted[at].name : null, list, lists[1 - at])));
      results.dataset.state = 'done';
    } catch (problem) {
      put(fault, problem.message);
      results.dataset.state = 'failed';
    }
  }

  put(place, h('form', { class: 'card', onsubmit: run },
    h('div', { class: 'grid' }, h('label', null, 'User', user, h('small', null, 'Anybody: who is not known gets a list by context alone')),
      h('label', { class: 'switch' }, both, 'Compare two variants')),
    names.length === 0 ? null : h('ul', { class: 'chips', 'aria-label': 'Users who are here now' }, names.map((name) => h('li', null,
      h('button', { type: 'button', class: 'secondary', onclick: () => { user.value = name; run(); } }, name)))),
    h('div', { class: 'variants' }, one.form, other.form),
    h('button', { type: 'submit', class: 'main' }, 'Show the list')), fault, results);
  await run();
}

/** The options of one of the two lists: what the API has, and nothing that it has not. */
function variant(name, versions, serving) {
  const count = h('input', { type: 'number', name: 'num_items', min: '1', max: '100', value: '10' });
  const device = h('select', { name: 'device' }, DEVICES.map((each) => h('option', { value: each }, each || 'not told')));
  const location = h('input', { type: 'text', name: 'location', maxlength: '100', autocomplete: 'off' });
  const model = h('select', { name: 'model' }, versions.map((version) =>
    h('option', { value: version, selected: version === serving }, version === serving ? `${version} (serves)` : version)));
  const form = h('fieldset', null, h('legend', null, `Variant ${name}`),
    h('div', { class: 'grid' }, h('label', null, 'Items', count), h('label', null, 'Device', device),
      h('label', null, 'Location', location), h('label', null, 'Model in memory', model)));
  return {
    name: `Variant ${name}`, form,
    values: () => ({
      num_items: count.value, device: device.value, location: location.value.trim(),
      model_version: model.value === serving ? '' : model.value,
    }),
  };
}
