// How long a decision of a policy takes, in this process: a role with so many lines, objects of which none is said by name.

import { load } from './rendering.js';

const DECISIONS = 20_000;

/** Microseconds of a decision in each run. */
export async function measurePolicy(count, runs) {
  const { createAccess, parsePolicy } = await load(
    "export { createAccess } from './src/engine/policy/access.ts'; export { parsePolicy } from './src/engine/policy/parse.ts';",
  );
  const lines = Array.from(
    { length: count },
    (_, index) =>
      `p, role:crew, applications, ${index % 2 ? 'get' : '*'}, team-${index}/*-web-*, ${index % 10 ? 'allow' : 'deny'}`,
  );
  const access = createAccess({
    settings: { lines: parsePolicy([...lines, 'g, ann, role:crew'].join('\n')), matchMode: 'glob', defaultRole: '' },
    project: () => undefined,
  });
  const ann = { name: 'ann', groups: ['a', 'b'] };
  return Array.from({ length: runs }, () => {
    const begun = process.hrtime.bigint();
    let allowed = 0;
    for (let index = 0; index < DECISIONS; index += 1) {
      const object = `team-${index % (count + 50)}/my-web-${index}`;
      if (access.may(ann, { resource: 'applications', action: 'get', object })) allowed += 1;
    }
    if (allowed === 0 || allowed === DECISIONS) throw new Error('decisions are wrong');
    return Number(process.hrtime.bigint() - begun) / 1e3 / DECISIONS;
  });
}
