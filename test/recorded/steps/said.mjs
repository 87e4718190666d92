// What is kept of an answer: its status, its message, and of its object the fields that the step looks at.

/** The headers of a step. */
export function headersOf({ type = 'application/json' }) {
  return { 'content-type': type, accept: 'application/json' };
}

/** What a server says to a step; times and names that it makes up are left out. */
export function saidOf({ status, body }, { sees = [] }) {
  const seen = Object.fromEntries(sees.map((path) => [path, valueAt(body, path)]));
  return JSON.parse(JSON.stringify({ status, message: body.message, ...seen }).replace(HASHES, 'UID'));
}

const HASHES = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function valueAt(body, path) {
  const value = path.split('.').reduce((one, key) => one?.[key], body);
  if (path !== 'metadata.managedFields') return value;
  // Whose second it was tells their order.
  const entries = value?.map(({ time: _time, fieldsType: _type, ...entry }) => entry);
  return entries?.toSorted((one, other) => (ownerOf(one) < ownerOf(other) ? -1 : 1));
}

function ownerOf({ manager, operation, apiVersion, subresource = '' }) {
  return [manager, operation, apiVersion, subresource].join(' ');
}
