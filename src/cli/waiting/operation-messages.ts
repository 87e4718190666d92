// What Argo CD and Kubernetes write into the messages of an operation, where that says more than its fields do.

/** What a flag of the application cures. */
const CURES: readonly (readonly [RegExp, string])[] = [
  [/namespaces "[^"]+" not found/, '--sync-option CreateNamespace=true'],
  [
    /^(InvalidSpecError|one or more synchronization tasks are not valid): Namespace for \S+ .* is missing/,
    '--dest-namespace NAMESPACE',
  ],
];

/** The command that sets the flag an operation failed for want of. */
export function cureOf(name: string, message: string): string | undefined {
  const [, flag] = CURES.find(([failure]) => failure.test(message)) ?? [];
  return flag && `hawser app set ${name} ${flag}, then hawser app sync ${name}`;
}

/** An operation's message without the messages of its resources, which it repeats. */
export function withoutReasons(message: string, resourceMessages: readonly string[]): string {
  const reasons = resourceMessages.filter((reason) => reason !== '');
  return message.replace(`, reason: ${reasons.join(',')}`, '');
}

/** Whether a resource was left because it says Prune=false, not because pruning was off. */
export const keepsItself = (message = ''): boolean => message.includes('no prune');
