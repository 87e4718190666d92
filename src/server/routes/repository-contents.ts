// What is in repositories: applications, branches and tags, charts, what a source is made of.

import {
  type GetApplicationDetails,
  getApplicationDetails,
  listHelmCharts,
  listOciTags,
  listReferences,
  listRepositoryApplications,
} from '../../api/repositories.ts';
import { rbacName } from '../../api/rights.ts';
import { HawserError } from '../../core/errors.ts';
import { sameJson, textAt, toJson } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import { permitsSource } from '../../engine/project.ts';
import { type Application, sourcesOf } from '../../model/application.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import { PROJECT_TYPE, project as projectShape } from '../../model/project.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { permissionDenied, rightDenied } from '../auth/enforcer.ts';
import { type Call, type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';
import { ofRepository } from './repository-failure.ts';

export function repositoryContentRoutes(ports: ServerPorts): Route[] {
  const { repositories } = ports;
  return [
    route(listRepositoryApplications, async (input, { may }) => {
      const { repo, revision = '', appProject = '', appName = '', withDirectories = false } = input;
      const object = rbacName({ name: appName, project: appProject }, ports.namespace);
      // Looking costs a clone: only who may make the application may ask.
      const mayLook = (['create', 'update'] as const).some((action) =>
        may({ resource: 'applications', action, object }),
      );
      if (!mayLook) throw permissionDenied();
      await checkPermitted(ports, repo, appProject);
      const items = await ofRepository(repositories.applications(repo, { revision, project: appProject }));
      return { items: items.filter(({ type }) => withDirectories || type !== 'Directory') };
    }),
    route(listReferences, ({ repo, appProject = '' }) => ofRepository(repositories.references(repo, appProject))),
    route(listOciTags, async ({ repo, appProject = '' }) => ({
      tags: await ofRepository(repositories.ociTags(repo, appProject)),
    })),
    route(listHelmCharts, async ({ repo, appProject = '' }) => ({
      items: await ofRepository(repositories.helmCharts(repo, appProject)),
    })),
    route(getApplicationDetails, async (input, call) => {
      const source = { ...input.source, repoURL: input['source.repoURL'] };
      await checkDetails(ports, { ...input, source }, call);
      return detailsAnswer(
        await ofRepository(
          repositories.details(source, { name: input.appName ?? '', project: input.appProject ?? '' }),
        ),
      );
    }),
  ];
}

interface AskedSource extends GetApplicationDetails {
  readonly source: ApplicationSource;
}

async function checkDetails(ports: ServerPorts, input: AskedSource, { caller, demand }: Call): Promise<void> {
  const { appName = '', appProject = '', source } = input;
  const [namespace = '', name = appName] = appName.includes('/') ? appName.split('/') : [];
  const object =
    appProject === '' ? appName : rbacName({ name, appNamespace: namespace, project: appProject }, ports.namespace);
  const get = { resource: 'applications', action: 'get', object } as const;
  if (appProject === '') throw rightDenied(caller, get);
  demand(get);
  const where = { ...APPLICATION_TYPE, namespace: namespace || ports.namespace, name };
  const existing = name === '' ? undefined : await ports.home.get(where);
  if (!existing) demand({ resource: 'applications', action: 'create', object });
  else {
    const app = applicationResponse(existing);
    // Of an application that is there, nothing is told but what it is or was made of.
    if (appProject !== (app.spec.project || 'default') || !isKnownSource(app, input)) throw permissionDenied();
  }
  await checkPermitted(ports, source.repoURL, appProject);
}

function isKnownSource(app: Application, { source, sourceIndex = 0, versionId }: AskedSource): boolean {
  const entry = app.status?.history?.find(({ id }) => id === versionId);
  const former = entry?.sources ?? (entry?.source ? [entry.source] : []);
  const candidates = [sourcesOf(app.spec)[sourceIndex], former[sourceIndex], ...sourcesOf(app.spec)];
  return candidates.some((one) => one !== undefined && sameJson(toJson(one), toJson(source)));
}

async function checkPermitted(ports: ServerPorts, url: string, name: string): Promise<void> {
  const object = name === '' ? undefined : await ports.home.get({ ...PROJECT_TYPE, namespace: ports.namespace, name });
  if (!object)
    throw new HawserError(
      'not-found',
      `error getting app project "${name}": appproject.argoproj.io "${name}" not found`,
    );
  if (permitsSource(parse(projectShape, object, `project '${name}'`), url)) return;
  throw new HawserError('not-allowed', `repository '${url}' not permitted in project '${name}'`);
}

type Details = Awaited<ReturnType<ServerPorts['repositories']['details']>>;

/** As the reference tells it: the files with values by name, without what is empty. */
function detailsAnswer({ type, helm, kustomize }: Details) {
  if (helm) {
    const valueFiles = [...helm.valueFiles, ...(helm.values === '' ? [] : ['values.yaml'])].sort();
    const parameters = [...helm.parameters].sort((a, b) => (textAt(a, 'name') < textAt(b, 'name') ? -1 : 1));
    return {
      type,
      helm: {
        ...(valueFiles.length > 0 ? { valueFiles } : {}),
        ...(parameters.length > 0 ? { parameters } : {}),
        ...(helm.values === '' ? {} : { values: helm.values }),
      },
    };
  }
  if (kustomize) return { type, kustomize: kustomize.images.length > 0 ? { images: kustomize.images } : {} };
  return type === 'Directory' ? { type, directory: {} } : { type };
}
