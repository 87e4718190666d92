// Charts of a Helm repository and of an OCI registry, deployed by the program as it is built.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTools } from '../../src/repo/tools.ts';
import { type HttpServed, serveFolder } from '../support/git-http.ts';
import { type Registry, serveRegistry } from '../support/oci-registry.ts';
import { createWorkplace, SERVER, type Workplace } from '../support/workplace.ts';

const run = promisify(execFile);

let place: Workplace;
let repository: HttpServed;
let registry: Registry;

beforeEach(async () => {
  place = await createWorkplace();
  const helm = await createTools(process.env).find('helm');
  const chart = join(place.folder, 'web');
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {version: {{ .Chart.Version | quote }}}\n';
  await writeFile(join(chart, 'templates', 'map.yaml'), map);
  const served = join(place.folder, 'served');
  await run(helm, ['package', chart, '--destination', served]);
  await run(helm, ['repo', 'index', served]);
  repository = await serveFolder(served);
  registry = await serveRegistry('web', new Map([['1.0.0', await readFile(join(served, 'web-1.0.0.tgz'))]]));
});
afterEach(async () => {
  await Promise.all([repository.close(), registry.close()]);
  await place.remove();
});

describe('an application of a chart', () => {
  test.each([
    ['a Helm repository', () => repository.url],
    ['an OCI registry', () => registry.url.replace('oci://', '')],
  ])('of %s is deployed', async (_where, url) => {
    const isOci = !url().startsWith('http');
    const flags = isOci ? '--enable-oci --insecure-oci-force-http' : '';
    const added = await place.hawser(`repo add ${url()} --type helm --name charts ${flags}`.trim());
    expect(added).toMatchObject({ code: 0 });
    const source = `--repo ${url()} --helm-chart web --revision 1.*`;
    const created = await place.hawser(`app create web ${source} --dest-server ${SERVER} --dest-namespace default`);
    expect(created).toMatchObject({ code: 0 });
    expect(await place.hawser('app sync web')).toMatchObject({ code: 0 });
    expect(await place.hawser('app get-resource web --kind ConfigMap --jq .data.version')).toMatchObject({
      out: '1.0.0\n',
    });
  });
});
