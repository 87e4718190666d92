import { HawserError } from '../../../../core/errors.ts';
import { PLAIN } from '../../../../render/style.ts';
import { columnTable } from '../../../../render/table.ts';
import type { Context, Kubeconfig } from '../../../context.ts';

/** Asks which context is meant; where nobody can be asked, lists them. */
export async function chooseContext({ contexts }: Kubeconfig, { prompt }: Context): Promise<string> {
  const rows = contexts.map(({ name, cluster, server, isCurrent }) => [isCurrent ? '*' : '', name, cluster, server]);
  if (prompt.interactive && contexts.length > 0) {
    const choices = contexts.map(({ name, server }) => ({ name: `${name}  ${server}`, value: name }));
    const preset = contexts.find(({ isCurrent }) => isCurrent)?.name;
    return prompt.choose({ message: 'Context', choices, ...(preset === undefined ? {} : { preset }) });
  }
  const table = columnTable({ head: ['CURRENT', 'NAME', 'CLUSTER', 'SERVER'], rows }, PLAIN);
  const names = contexts.map(({ name }) => name).join(', ');
  throw new HawserError('usage', 'hawser cluster add needs a context of the kubeconfig, or -f', {
    hint: contexts.length === 0 ? 'there is no kubeconfig: name one with --kubeconfig FILE' : `contexts: ${names}`,
    reason: { kind: 'choose-kubeconfig-context', table },
  });
}
