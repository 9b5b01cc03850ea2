// Figures as a person reads them. What is not known is a dash, never 0.

const DASH = '–';
const known = (value) => value !== null && value !== undefined && Number.isFinite(Number(value));
const plain = (digits, least = 0) =>
  new Intl.NumberFormat('en', { maximumFractionDigits: digits, minimumFractionDigits: least });
const byDigits = [0, 1, 2, 3, 4, 5, 6].map((digits) => plain(digits));

export const number = (value, digits = 0) => (known(value) ? byDigits[digits].format(value) : DASH);
export const percent = (value, digits = 1) => (known(value) ? `${number(value * 100, digits)} %` : DASH);
export const money = (value) => (known(value) ? plain(2, 2).format(value) : DASH);

export function ms(value) {
  if (!known(value)) return DASH;
  return `${number(value, value < 1 ? 3 : value < 100 ? 2 : 0)} ms`;
}

/** The same for the short marks of an axis. */
export const msMark = (value) => (value >= 1000 ? `${number(value / 1000, 1)} s` : `${number(value, 1)} ms`);

/** A latency of a stretch of time: where all was shed or refused there is none. */
export const ofTimed = (point, value) => (point.requests > point.shed ? value : null);

/** A figure of an alert in its unit, as messages write it (AlertRule.Format). */
export function inUnit(value, unit) {
  if (!known(value)) return DASH;
  if (unit === 's') return seconds(value);
  if (unit === 'share') return percent(value, 3);
  if (unit === 'nights' && value === 1) return '1 night';
  if (unit === 'entries' && value === 1) return '1 entry';
  return unit === 'index' ? number(value, 3) : `${number(value, 2)} ${unit}`;
}

// Latencies are milliseconds, ages of models hours.
function seconds(value) {
  if (Math.abs(value) < 10) return `${number(value * 1000, 1)} ms`;
  return Math.abs(value) < 600 ? `${number(value, 1)} s` : `${number(value / 3600, 1)} h`;
}

export function bytes(value) {
  if (!known(value)) return DASH;
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let at = 0;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return `${number(value, value < 10 && at > 0 ? 1 : 0)} ${units[at]}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit' });

export const time = (value) => (value ? clock.format(new Date(value)) : DASH);
export const minute = (value) => clock.format(new Date(value)).slice(0, 5);
export const date = (value) => (value ? day.format(new Date(value)) : DASH);
export const words = (name) => String(name ?? DASH).replaceAll('_', ' ');
export const text = (value) => (value === null || value === undefined || value === '' ? DASH : String(value));

/** good, watch or bad for the words that the API uses. */
export function kindOf(word) {
  switch (String(word ?? '').toLowerCase()) {
    case 'green': case 'stable': case 'champion': case 'valid': case 'good': case 'ok': case 'accepted': return 'good';
    case 'yellow': case 'watch': case 'staging': case 'shadow': case 'canary': case 'warning': case 'duplicate': return 'watch';
    case 'red': case 'drift': case 'bad': case 'quarantined': case 'rejected': case 'torn': case 'blocking': case 'refused': return 'bad';
    default: return '';
  }
}
