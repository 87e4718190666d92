export type Environment = Readonly<Record<string, string | undefined>>;
export type ColourLevel = 0 | 1 | 2 | 3;

/** How many colours a stream gets: the flag first, then the environment, then what the stream is. */
export function colourLevel(flag: string | undefined, env: Environment, terminal: boolean): ColourLevel {
  const able = capability(env);
  if (flag === 'always') return Math.max(1, able) === 1 ? 1 : able;
  if (flag === 'never') return 0;
  if ((env['HAWSER_NO_COLOR'] ?? '') !== '' || (env['NO_COLOR'] ?? '') !== '') return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return FORCED[forced] ?? 1;
  if (isOn(env['CLICOLOR_FORCE'])) return able === 0 ? 1 : able;
  if (!terminal || env['CLICOLOR'] === '0') return 0;
  return able;
}

const FORCED: Readonly<Record<string, ColourLevel>> = { '0': 0, false: 0, '1': 1, true: 1, '2': 2, '3': 3 };

const isOn = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0';

function capability(env: Environment): ColourLevel {
  const term = env['TERM'] ?? '';
  if (term === 'dumb') return 0;
  if (/^(truecolor|24bit)$/.test(env['COLORTERM'] ?? '')) return 3;
  return /-256(color)?$/.test(term) ? 2 : 1;
}
