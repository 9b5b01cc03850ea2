// What there is to learn from, what comes right now, and a look at single items and users.

import { address, get, query } from '../lib/api.js';
import { badge, card, h, put, table, tile, tiles } from '../lib/dom.js';
import { date, kindOf, number, text, time, words } from '../lib/format.js';
import { listen } from '../lib/live.js';

export const title = 'Data';
export const lead = 'The log that models learn from, events as they come, and what is known of an item or a user.';

const MOST_EVENTS = 15;

export async function show(place, said) {
  const ready = h('div');
  const coming = h('div');
  put(place, card('Readiness', ready), card('Events as they come', coming), items(), users(said.get('user')));

  const [survey, recent] = await Promise.all([get('/data/readiness'), get('/events/recent')]);
  showReadiness(ready, survey);
  let events = recent.events.slice(0, MOST_EVENTS);
  const showEvents = () => put(coming, table('Latest events', [
    ['Received', (row) => time(row.received_at)], ['Type', (row) => text(row.type && words(row.type))],
    ['User', (row) => (row.user_id ? h('a', { href: `#/data?user=${encodeURIComponent(row.user_id)}` }, row.user_id) : '–')],
    ['Item', (row) => text(row.item_id)],
    ['What became of it', (row) => [badge(row.status, kindOf(row.status)), row.code ? ` ${row.code}` : '']],
  ], events, 'None since the server started.'));
  showEvents();
  let first = true;
  return listen({
    events: (news) => {
      // The first message repeats what is shown.
      events = first ? news.events.slice(0, MOST_EVENTS) : [...news.events, ...events].slice(0, MOST_EVENTS);
      first = false;
      showEvents();
    },
  });
}

function showReadiness(place, survey) {
  put(place, tiles(
    tile('Models can be trained', badge(survey.ready ? 'yes' : 'not yet', survey.ready ? 'good' : 'bad')),
    tile('Items', number(survey.items)), tile('Users with a profile', number(survey.users)), tile('Events', number(survey.events)),
    tile('Days', number(survey.days_covered), `${date(survey.first_event)} – ${date(survey.last_event)}`),
    tile('Waiting for their items', number(survey.parked_events))),
  table('Events by type', [['Type', ([name]) => words(name)], ['Events', ([, count]) => number(count), 'number']],
    Object.entries(survey.events_by_type ?? {})),
  table('Remarks', [
    ['Weight', (row) => badge(row.level, kindOf(row.level))], ['What was found', (row) => row.found], ['What to do', (row) => row.advice],
  ], survey.remarks ?? [], 'Nothing stands out.'));
}

function search(label, note, button, look) {
  const field = h('input', { type: 'search', name: label, required: true, maxlength: '100', autocomplete: 'off' });
  const fault = h('p', { class: 'bad', role: 'alert' });
  const form = h('form', {
    class: 'grid', onsubmit: async (event) => {
      event.preventDefault();
      put(fault);
      try {
        await look(field.value.trim());
      } catch (problem) {
        put(fault, problem.message);
      }
    },
  }, h('label', null, label, field, h('small', null, note)), h('button', { type: 'submit', class: 'main' }, button));
  return { form, field, fault };
}

function items() {
  const found = h('div');
  const one = h('div');
  const { form, fault } = search('Find an item', 'The beginning of its id, or of words of its title', 'Find item',
    (q) => look(q, null, []));

  async function look(q, cursor, before) {
    const page = await get(`/dashboard/search/items${query({ q, cursor })}`);
    const all = [...before, ...page.items];
    put(found, table('Items found', [
      ['Item', (row) => h('button', { type: 'button', class: 'link', onclick: () => detail(row.item_id) }, row.item_id)],
      ['Title', (row) => text(row.title)], ['Category', (row) => text(row.category)],
      ['Served', (row) => badge(row.servable ? 'yes' : 'no', row.servable ? 'good' : 'bad')],
    ], all, 'Nothing so far.'), page.next_cursor
      ? h('button', { type: 'button', class: 'secondary', onclick: () => look(q, page.next_cursor, all) }, 'Go on') : null);
  }

  async function detail(id) {
    const item = await get(address('/items/{id}', id));
    put(one, table(`Item ${id}`, [['Field', ([name]) => words(name)], ['Content', ([, value]) => text(plain(value))]],
      Object.entries(item)));
  }

  return card('Items', form, fault, found, one);
}

function users(chosen) {
  const found = h('div');
  const history = h('div');
  const { form, fault } = search('Find a user', 'The beginning of the id; case counts', 'Find user', async (q) => {
    const { user_ids: ids } = await get(`/dashboard/search/users${query({ q })}`);
    put(found, ids.length === 0 ? h('p', { class: 'muted' }, 'Nobody.') : h('ul', { class: 'chips' }, ids.map((id) =>
      h('li', null, h('button', { type: 'button', class: 'secondary', onclick: () => look(id) }, id)))));
  });

  async function look(id) {
    const { events } = await get(address('/dashboard/users/{id}/history', id));
    put(history, h('h3', null, `What ${id} did`),
      h('p', null, h('a', { href: `#/playground?user=${encodeURIComponent(id)}` }, 'See the list of this user')),
      table(`Events of ${id}`, [
        ['When', (row) => date(row.time)], ['Type', (row) => words(row.type)], ['Item', (row) => row.item_id],
        ['Title', (row) => text(row.title)], ['Place in the log', (row) => number(row.position), 'number'],
      ], events, 'Nothing in the log.'));
  }

  if (chosen) look(chosen).catch((problem) => put(fault, problem.message));
  return card('Users', form, fault, found, history);
}

const plain = (value) => (value !== null && typeof value === 'object' ? JSON.stringify(value) : value);
