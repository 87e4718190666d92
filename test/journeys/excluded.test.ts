// Each command opens the system anew: what is excluded from applications is still there for the system itself.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, SERVER, type Workplace } from '../support/workplace.ts';

let at: Workplace;

beforeAll(async () => {
  at = await createWorkplace();
  await at.repository.commit({ 'maps/m.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n' });
});

afterAll(() => at.remove());

test.each([
  ['excluded ConfigMaps', { 'resource.exclusions': '- {kinds: [ConfigMap]}' }],
  ['inclusions of other kinds', { 'resource.exclusions': null, 'resource.inclusions': '- {kinds: [Deployment]}' }],
])('%s leave applications and settings where they are', async (what, data) => {
  const name = what.split(' ')[0] ?? '';
  const patch = JSON.stringify({ data });
  const kubectl = 'local kubectl -- patch configmap argocd-cm -n argocd --type merge -p'.split(' ');
  expect(await at.hawser([...kubectl, patch])).toMatchObject({ code: 0 });
  const place = `--repo ${at.repository.url} --path maps --dest-server ${SERVER} --dest-namespace default`;
  expect(await at.hawser(`app create ${name} ${place}`)).toMatchObject({ code: 0 });
  const { out } = await at.hawser(`app get ${name} --refresh -o json`);
  expect(out).toContain('ExcludedResourceWarning');
  expect(await at.hawser(`app delete ${name} --yes`)).toMatchObject({ code: 0 });
});
