// What Go says of a text that is no address of a network, or no range of them.

import { isIP } from 'node:net';

/** A fault, and the rest of the text from where it stands. */
interface Fault {
  readonly why: string;
  readonly rest?: string;
}

const tooLong = 'IPv4 address too long';

function fourthFault(text: string): Fault | undefined {
  const odd = /[^\d.]/.exec(text)?.index ?? text.length;
  let field = '';
  let dots = 0;
  for (let at = 0; at < odd; at += 1) {
    const letter = text.charAt(at);
    if (letter !== '.') {
      if (field === '0') return { why: 'IPv4 field has octet with leading zero' };
      field += letter;
      if (Number(field) > 255) return { why: 'IPv4 field has value >255' };
      continue;
    }
    if (field === '' || at === text.length - 1)
      return { why: 'IPv4 field must have at least one digit', rest: text.slice(at) };
    if (dots === 3) return { why: tooLong };
    dots += 1;
    field = '';
  }
  if (odd < text.length) return { why: 'unexpected character', rest: text.slice(odd) };
  return dots < 3 ? { why: 'IPv4 address too short' } : undefined;
}

interface Sixth {
  readonly rest: string;
  readonly groups: number;
  readonly isShort: boolean;
}

/** What one group and the colons behind it leave; a fault, where they are none. */
function nextGroup({ rest, groups, isShort }: Sixth): Sixth | Fault {
  const digits = /^[\da-f]*/i.exec(rest)?.[0] ?? '';
  if (digits.length > 4) return { why: 'each group must have 4 or less digits', rest };
  if (digits === '') return { why: 'each colon-separated field must have at least one digit', rest };
  const behind = rest.slice(digits.length);
  if (behind.startsWith('.')) return embedded({ rest, groups, isShort });
  if (behind === '') return { rest: '', groups: groups + 1, isShort };
  if (!behind.startsWith(':')) return { why: 'unexpected character, want colon', rest: behind };
  if (behind === ':') return { why: 'colon must be followed by more characters', rest: behind };
  if (!behind.startsWith('::')) return { rest: behind.slice(1), groups: groups + 1, isShort };
  if (isShort) return { why: 'multiple :: in address', rest: behind.slice(1) };
  return { rest: behind.slice(2), groups: groups + 1, isShort: true };
}

function embedded({ rest, groups, isShort }: Sixth): Sixth | Fault {
  if (!isShort && groups !== 6)
    return { why: 'embedded IPv4 address must replace the final 2 fields of the address', rest };
  if (groups > 6) return { why: 'too many hex fields to fit an embedded IPv4 at the end of the address', rest };
  return fourthFault(rest) ?? { rest: '', groups: groups + 2, isShort };
}

function sixthFault(text: string): Fault | undefined {
  const [address = '', zone] = text.split(/%(.*)/s);
  if (zone === '') return { why: 'zone must be a non-empty string' };
  const isShort = address.startsWith('::');
  let state: Sixth = { rest: isShort ? address.slice(2) : address, groups: 0, isShort };
  while (state.groups < 8 && (state.rest !== '' || state.groups === 0) && address !== '::') {
    const next = nextGroup(state);
    if ('why' in next) return next;
    state = next;
  }
  if (state.rest !== '') return { why: 'trailing garbage after address', rest: state.rest };
  if (state.groups < 8) return state.isShort ? undefined : { why: 'address string too short' };
  return state.isShort ? { why: 'the :: must expand to at least one field of zeros' } : undefined;
}

const BY_FIRST: Readonly<Record<string, (text: string) => Fault | undefined>> = {
  '.': fourthFault,
  ':': sixthFault,
  '%': () => ({ why: 'missing IPv6 address' }),
};

function parseFault(text: string): string | undefined {
  const [first = ''] = /[.:%]/.exec(text) ?? [];
  const fault = first === '' ? { why: 'unable to parse IP' } : BY_FIRST[first]?.(text);
  if (!fault) return undefined;
  const place = fault.rest === undefined ? '' : ` (at ${JSON.stringify(fault.rest)})`;
  return `ParseAddr(${JSON.stringify(text)}): ${fault.why}${place}`;
}

const isMapped = (address: string): boolean => isIP(address) === 6 && /^::ffff:.*\./i.test(address);

const mapped = (text: string): string => `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`;

/** Why Kubernetes takes a text for no address; undefined for one. */
export function addressFault(text: string): string | undefined {
  const fault = parseFault(text);
  if (fault !== undefined)
    return `IP Address ${JSON.stringify(text)} parse error during conversion from string: ${fault}`;
  if (text.includes('%')) return `IP address ${JSON.stringify(text)} with zone value is not allowed`;
  return isMapped(text) ? mapped(text) : undefined;
}

const UNREAD = 'network address parse error during conversion from string: ';

/** Why Kubernetes takes a text for no range of addresses; undefined for one. */
export function cidrFault(text: string): string | undefined {
  const why = prefixFault(text);
  if (why !== undefined) return `${UNREAD}${UNREAD}netip.ParsePrefix(${JSON.stringify(text)}): ${why}`;
  return isMapped(text.slice(0, text.lastIndexOf('/'))) ? `${UNREAD}${mapped(text)}` : undefined;
}

function prefixFault(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return "no '/'";
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  const fault = parseFault(address);
  if (fault !== undefined) return fault;
  if (address.includes('%')) return 'IPv6 zones cannot be present in a prefix';
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) return `bad bits after slash: ${JSON.stringify(bits)}`;
  return Number(bits) > (address.includes(':') ? 128 : 32) ? 'prefix length out of range' : undefined;
}
