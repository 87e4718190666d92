// What a request does, in the words of the command line.

type Words = Readonly<Record<string, string>>;

/** By the last word of a path that is no variable, where it says more than the method. */
const BY_WORD: Readonly<Record<string, Words>> = {
  sync: { POST: 'sync' },
  rollback: { POST: 'rollback' },
  operation: { DELETE: 'terminate-op' },
  spec: { PUT: 'set' },
  resource: { POST: 'patch-resource', DELETE: 'delete-resource' },
  actions: { POST: 'run-action' },
  v2: { POST: 'run-action' },
  token: { POST: 'create-token', DELETE: 'delete-token' },
  password: { PUT: 'update-password' },
  'rotate-auth': { POST: 'rotate-auth' },
  'invalidate-cache': { POST: 'invalidate-cache' },
  validate: { POST: 'validate' },
  appdetails: { POST: 'read' },
  differences: { POST: 'diff' },
  generate: { POST: 'generate' },
  explain: { POST: 'explain' },
  replay: { POST: 'replay' },
  session: { POST: 'login', DELETE: 'logout' },
  logout: { GET: 'logout', POST: 'logout' },
  webhook: { POST: 'refresh' },
  installation: { POST: 'import' },
  clock: { POST: 'set-clock' },
  nodes: { POST: 'set-nodes' },
  objects: { POST: 'load' },
};

const BY_METHOD: Words = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete', GET: 'refresh' };

/** Of a request whose path ends with a name. */
export const methodAction = (method: string): string => BY_METHOD[method] ?? method.toLowerCase();

export function actionOf({ method, path }: { readonly method: string; readonly path: string }): string {
  const word = path
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{'))
    .at(-1);
  return BY_WORD[word ?? '']?.[method] ?? methodAction(method);
}
