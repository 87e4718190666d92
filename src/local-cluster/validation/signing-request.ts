// Requests for certificates: what is asked, and who has said yes or no to it.

import { type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import { all, choice, fields, inTurn, items, needed, type Rule } from './rules.ts';

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

const PEM = /-----BEGIN CERTIFICATE REQUEST-----[^-]+-----END CERTIFICATE REQUEST-----/;

/** The bytes are told as JSON has them. */
const request: Rule = (value, path) =>
  PEM.test(Buffer.from(String(value ?? ''), 'base64').toString('latin1'))
    ? []
    : [invalidValue(path, value, 'PEM block type must be CERTIFICATE REQUEST')];

const LEGACY = 'kubernetes.io/legacy-unknown';
const SIGNER = "must be a fully qualified domain and path of the form 'example.com/signer-name'";

const signerName: Rule = inTurn(needed(), (value, path) => {
  const name = String(value);
  const [domain = '', signer, ...more] = name.split('/');
  const tell = (part: string, problem: string): Cause => invalidValue(path, part, problem);
  if (name === LEGACY) return [tell(name, 'the legacy signerName is not allowed via this API version')];
  if (signer === undefined || more.length > 0) return [tell(name, SIGNER)];
  const labels = domain.split('.');
  const short = 'should be a domain with at least two segments separated by dots';
  const labelled = (label: string, problem: string): string => `validating label "${label}": ${problem}`;
  return [
    ...labels.flatMap((label) => labelProblems(label).map((problem) => tell(domain, labelled(label, problem)))),
    ...(labels.length < 2 ? [tell(domain, short)] : []),
    ...subdomainProblems(signer).map((problem) => tell(signer, labelled(signer, problem))),
  ];
});

const different: Rule = (value, path) =>
  listAt(value).flatMap((usage, index, list) =>
    list.indexOf(usage) < index ? [duplicate(`${path}[${index}]`, usage)] : [],
  );

const STATES = ['False', 'True', 'Unknown'];
const DECISIONS = ['Approved', 'Denied'];
const FINAL = [...DECISIONS, 'Failed'];

const conditions: Rule = (value, path) => {
  const list = listAt(value);
  return list.flatMap((condition, index) => {
    const field = `${path}[${index}]`;
    const [type, state] = [textAt(condition, 'type'), textAt(condition, 'status')];
    const earlier = list.slice(0, index).map((other) => textAt(other, 'type'));
    const states = FINAL.includes(type) ? ['True'] : STATES;
    const clashes = DECISIONS.includes(type) && earlier.some((other) => other !== type && DECISIONS.includes(other));
    const message = 'Approved and Denied conditions are mutually exclusive';
    return [
      ...(type === '' ? [required(`${field}.type`)] : []),
      ...(state === '' ? [required(`${field}.status`)] : []),
      ...(state === '' || states.includes(state) ? [] : [unsupported(`${field}.status`, state, states)]),
      ...(clashes ? [invalidValue(`${field}.type`, type, message)] : []),
      ...(earlier.includes(type) ? [duplicate(`${field}.type`, type)] : []),
    ];
  });
};

export const signingRequest: Rule = fields({
  spec: fields({
    request,
    usages: all(needed(), items(choice(USAGES)), different),
    signerName,
    expirationSeconds: (value, path) =>
      typeof value === 'number' && value < 600
        ? [invalidValue(path, value, 'may not specify a duration less than 600 seconds (10 minutes)')]
        : [],
  }),
  status: fields({ conditions }),
});

/** By its approval only the decision changes, by its status everything but that. */
export function signingRequestChangeCauses(object: JsonObject, before: JsonObject, subresource: string): Cause[] {
  const path = 'status.conditions';
  const ofType = (one: JsonObject, type: string): Json[] =>
    listAt(one, 'status', 'conditions').filter((condition) => textAt(condition, 'type') === type);
  const certificate = (one: JsonObject): Json => objectAt(one, 'status')['certificate'] ?? '';
  const causes: Cause[] = [];
  for (const type of FINAL) {
    const [now, old] = [ofType(object, type), ofType(before, type)];
    const change = now.length < old.length ? 'remove' : now.length > old.length ? 'add' : 'modify';
    const isFree = change !== 'remove' && (subresource === 'approval' || type === 'Failed');
    if (sameJson(now, old) || isFree) continue;
    causes.push(forbiddenField(path, `updates may not ${change} a condition of type "${type}"`));
  }
  if (certificate(object) === certificate(before)) return causes;
  if (subresource !== 'status')
    causes.push(forbiddenField('status.certificate', 'updates may not set certificate content'));
  else if (certificate(before) !== '')
    causes.push(forbiddenField('status.certificate', 'updates may not modify existing certificate content'));
  return causes;
}
