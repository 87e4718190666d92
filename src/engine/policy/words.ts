// The words that a right is asked for with: which resources there are, what can be done with each, and what they are called.

const CRUD = ['create', 'get', 'update', 'delete'] as const;
const CRD = ['create', 'get', 'delete'] as const;

/** The reference asks for write-repositories in vain: it is no word of its command. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  accounts: ['create', 'update'],
  applications: [...CRUD, 'action', 'override', 'sync'],
  applicationsets: CRUD,
  certificates: CRD,
  clusters: CRUD,
  extensions: ['invoke'],
  gpgkeys: CRD,
  logs: ['get'],
  exec: ['create'],
  projects: CRUD,
  repositories: CRUD,
};

/** Of applications, those that may name one resource: action/GROUP/KIND/NAME. */
const WITH_PATH: readonly string[] = ['update', 'delete', 'action'];

const SHORT: Readonly<Record<string, string>> = {
  account: 'accounts',
  app: 'applications',
  apps: 'applications',
  application: 'applications',
  cert: 'certificates',
  certs: 'certificates',
  certificate: 'certificates',
  cluster: 'clusters',
  extension: 'extensions',
  gpgkey: 'gpgkeys',
  key: 'gpgkeys',
  log: 'logs',
  proj: 'projects',
  projs: 'projects',
  project: 'projects',
  repo: 'repositories',
  repos: 'repositories',
  repository: 'repositories',
};

/** Their objects are 'project/name'. */
export const IN_PROJECTS: ReadonlySet<string> = new Set([
  'applications',
  'applicationsets',
  'logs',
  'exec',
  'repositories',
  'clusters',
]);

export const resourceCalled = (name: string): string => SHORT[name] ?? name;

/** What is wrong with asking for an action on a resource, as the reference words it. */
export function wordProblem(resource: string, action: string): string | undefined {
  const actions = ACTIONS[resource];
  if (!actions) return `'${resource}' is not a valid resource name`;
  const slash = action.indexOf('/');
  const verb = slash < 0 ? action : action.slice(0, slash);
  const isValid = actions.includes(verb) && (slash < 0 || (resource === 'applications' && WITH_PATH.includes(verb)));
  return isValid ? undefined : `'${action}' is not a valid action for ${resource}`;
}

/** What is asked of all objects is asked in their form. */
export const objectAsked = (resource: string, object: string): string =>
  IN_PROJECTS.has(resource) && ['', '*'].includes(object) ? '*/*' : object;
