// A policy of the cluster may change Applications as they are written: what asks for a sync or a refresh can be lost. Nothing
// waits for what can never come, and nothing is called done that was not.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, SERVER, type Workplace } from '../support/workplace.ts';

const POLICY = `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: own-annotations}
spec:
  reinvocationPolicy: Never
  matchConstraints:
    resourceRules:
    - {apiGroups: [argoproj.io], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: [applications]}
  mutations:
  - patchType: JSONPatch
    jsonPatch: {expression: '[JSONPatch{op: "add", path: "/metadata/annotations", value: {"team": "web"}}]'}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: own-annotations}
spec: {policyName: own-annotations}
`;

let at: Workplace;

beforeAll(async () => {
  at = await createWorkplace();
  await writeFile(join(at.folder, 'policy.yaml'), POLICY);
  expect(await at.hawser(`local load ${join(at.folder, 'policy.yaml')}`)).toMatchObject({ code: 0 });
  const place = `--repo ${at.repository.url} --path guestbook --dest-server ${SERVER} --dest-namespace default`;
  expect(await at.hawser(`app create web ${place}`)).toMatchObject({ code: 0 });
});

afterAll(() => at.remove());

test('a sync ends, and says that nothing was compared after it', async () => {
  const { code, out, err } = await at.hawser('app sync web --timeout 60');
  expect({ code, err }).toMatchObject({
    code: 0,
    err: expect.stringContaining("warning: not compared anew: 'web' cannot be refreshed: the cluster drops its"),
  });
  expect(out).toContain('successfully synced');
});

test('a refresh that cannot be asked for is refused', async () => {
  const { code, err } = await at.hawser('app get web --refresh');
  expect(code).toBe(20);
  expect(err).toContain("'web' cannot be refreshed");
});

test('a sync whose request is dropped is refused', async () => {
  const dropsOperation = POLICY.replace(
    'op: "add", path: "/metadata/annotations", value: {"team": "web"}',
    'op: "remove", path: "/operation"',
  ).replace('  mutations:', "  matchConditions: [{name: has, expression: 'has(object.operation)'}]\n  mutations:");
  await writeFile(join(at.folder, 'policy.yaml'), dropsOperation);
  expect(await at.hawser(`local load ${join(at.folder, 'policy.yaml')}`)).toMatchObject({ code: 0 });
  const { code, out, err } = await at.hawser('app sync web --timeout 60');
  expect({ code, out }).toEqual({ code: 20, out: '' });
  expect(err).toContain("'web' cannot be synced: the cluster drops its 'operation' as it is written");
});
