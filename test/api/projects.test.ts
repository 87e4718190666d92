// The routes of projects: what is stored, what is refused, and which rights a change needs.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Right } from '../../src/api/rights.ts';
import { objectAt, textAt } from '../../src/core/json.ts';
import { type Controlled, openControlled } from '../support/controlled.ts';

let system: Controlled;
let denied: (right: Right) => boolean = () => false;
let asked: string[] = [];

beforeAll(async () => {
  system = await openControlled({
    enforcer: {
      may: (_caller, right) => {
        asked.push(`${right.resource} ${right.action} ${right.object}`);
        return !denied(right);
      },
    },
  });
});
afterAll(() => system.close());
beforeEach(() => {
  denied = () => false;
  asked = [];
});

const OPEN = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };

const create = (name: string, spec: object = OPEN, more: object = {}): Promise<unknown> =>
  system.ask('POST', '/api/v1/projects', { project: { metadata: { name }, spec }, ...more });

/** Reads, changes the specification, writes. */
async function change(name: string, spec: object, metadata: object = {}): Promise<unknown> {
  const project = objectAt(await system.ask('GET', `/api/v1/projects/${name}`));
  const body = { project: { ...project, metadata: { ...objectAt(project, 'metadata'), ...metadata }, spec } };
  return system.ask('PUT', `/api/v1/projects/${name}`, body);
}

describe('creating', () => {
  test('stores what a struct of Go would hold', async () => {
    const spec = {
      ...OPEN,
      colour: 'blue',
      roles: [],
      description: '',
      syncWindows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h', clusters: ['c'], timeZone: 'Mars/Base' }],
    };
    const made = await create('stored', spec);
    const syncWindows = [{ kind: 'deny', schedule: '* * * * *', duration: '1h', clusters: ['c'], timeZone: 'UTC' }];
    expect(objectAt(made, 'spec')).toEqual({ ...OPEN, syncWindows });
    expect(made).toMatchObject({ metadata: { name: 'stored', namespace: 'argocd' }, status: {} });
    expect(await system.find('AppProject', 'stored', 'argocd')).toMatchObject({
      kind: 'AppProject',
      spec: { syncWindows },
    });
  });

  test('the same again is no change, another one needs upsert and the right to update', async () => {
    await create('again');
    const first = await system.ask('GET', '/api/v1/projects/again');
    expect(objectAt(await create('again'), 'metadata')).toEqual(objectAt(first, 'metadata'));
    await expect(create('again', { ...OPEN, description: 'x' })).rejects.toThrow(
      /existing project spec is different; use upsert flag to force update; difference in keys \\"Description\\"/,
    );
    denied = ({ action }) => action === 'update';
    await expect(create('again', { description: 'x' }, { upsert: true })).rejects.toThrow(
      'permission denied: projects, update, again',
    );
    denied = () => false;
    expect(await create('again', { description: 'x' }, { upsert: true })).toMatchObject({ spec: { description: 'x' } });
  });

  test.each([
    ['Bad_Name', {}, /AppProject\.argoproj\.io \\"Bad_Name\\" is invalid: metadata\.name/],
    ['fault', { sourceRepos: ['a', 'a'] }, /source repository 'a' already added/],
    ['integrity', { sourceIntegrity: { git: { policies: [{ gpg: { mode: 'none' } }] } } }, /policies/],
  ])('%s %j is refused', async (name, spec, message) => {
    await expect(create(name, spec)).rejects.toThrow(message);
    expect(await system.find('AppProject', name, 'argocd')).toBeUndefined();
  });

  test('tells of it in an event', async () => {
    await create('told');
    expect(await system.ask('GET', '/api/v1/projects/told/events')).toMatchObject({
      items: [{ reason: 'ResourceCreated', message: 'admin created project', involvedObject: { name: 'told' } }],
    });
  });
});

describe('changing', () => {
  test('goes by the resource version', async () => {
    await create('versioned');
    const { metadata } = objectAt(await system.ask('GET', '/api/v1/projects/versioned'));
    expect(await change('versioned', { description: 'one' })).toMatchObject({ spec: { description: 'one' } });
    const version = { resourceVersion: textAt(metadata, 'resourceVersion') };
    await expect(change('versioned', { description: 'two' }, version)).rejects.toThrow('the object has been modified');
    await expect(change('versioned', {}, { resourceVersion: '' })).rejects.toThrow('must be specified for an update');
    await expect(
      system.ask('PUT', '/api/v1/projects/none', { project: { metadata: { name: 'none' }, spec: {} } }),
    ).rejects.toThrow('appprojects.argoproj.io \\"none\\" not found');
  });

  test('needs rights on what it opens', async () => {
    await create('opened', { destinations: [{ server: 'https://one', namespace: 'a' }] });
    asked = [];
    const destinations = [
      { server: 'https://one', namespace: 'b' },
      { server: 'https://two', namespace: 'a' },
    ];
    await change('opened', { destinations, sourceRepos: ['https://git.example.com/x'] });
    expect(asked.filter((right) => !right.startsWith('projects'))).toEqual([
      'clusters update https://two',
      'repositories update https://git.example.com/x',
    ]);
    asked = [];
    await change('opened', { destinations, clusterResourceWhitelist: [{ group: '*', kind: '*' }] });
    expect(asked.filter((right) => !right.startsWith('projects'))).toEqual([
      'clusters update https://one',
      'clusters update https://two',
    ]);
    denied = ({ resource }) => resource === 'repositories';
    await expect(change('opened', { sourceRepos: ['https://git.example.com/y'] })).rejects.toThrow(
      'permission denied: repositories, update, https://git.example.com/y',
    );
  });

  test('must not break applications that are in it; who is in use stays', async () => {
    await create('used');
    await system.ask('POST', '/api/v1/applications?validate=false', {
      metadata: { name: 'user' },
      spec: {
        project: 'used',
        source: { repoURL: system.repository.url, path: '.' },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
      },
    });
    await expect(change('used', { ...OPEN, sourceRepos: ['https://git.example.com/x'] })).rejects.toThrow(
      'as a result of project update 1 applications source became invalid',
    );
    await expect(change('used', { ...OPEN, destinations: [] })).rejects.toThrow(
      '1 applications destination became invalid',
    );
    await expect(system.ask('DELETE', '/api/v1/projects/used')).rejects.toThrow(
      'project is referenced by 1 applications',
    );
    expect(await change('used', { ...OPEN, description: 'fine' })).toMatchObject({ spec: { description: 'fine' } });
  });
});

describe('deleting', () => {
  test('the default project is kept, others go', async () => {
    await expect(system.ask('DELETE', '/api/v1/projects/default')).rejects.toThrow(
      "name 'default' is reserved and cannot be deleted",
    );
    await create('gone');
    expect(await system.ask('DELETE', '/api/v1/projects/gone')).toEqual({});
    await expect(system.ask('DELETE', '/api/v1/projects/gone')).rejects.toThrow(
      'appprojects.argoproj.io \\"gone\\" not found',
    );
  });
});

test('global projects are merged in where a project is enforced and shown in detail', async () => {
  const where = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: 'argocd-cm' };
  const globalProjects = '- {projectName: rules, labelSelector: {matchLabels: {team: web}}}';
  await system.cluster.patch(where, { type: 'merge', body: { data: { globalProjects } } });
  await create('rules', {
    namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }],
    sourceRepos: ['https://git.example.com/rules'],
  });
  const body = {
    project: {
      metadata: { name: 'ruled', labels: { team: 'web' } },
      spec: { sourceRepos: ['https://git.example.com/own'] },
    },
  };
  await system.ask('POST', '/api/v1/projects', body);
  const detailed = await system.ask('GET', '/api/v1/projects/ruled/detailed');
  expect(detailed).toMatchObject({
    project: {
      spec: {
        sourceRepos: ['https://git.example.com/own', 'https://git.example.com/rules'],
        namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }],
      },
    },
    globalProjects: [{ metadata: { name: 'rules' } }],
  });
  expect(await system.ask('GET', '/api/v1/projects/ruled')).toMatchObject({
    spec: { sourceRepos: ['https://git.example.com/own'] },
  });
  expect(await system.ask('GET', '/api/v1/projects/ruled/globalprojects')).toMatchObject({
    items: [{ metadata: { name: 'rules' } }],
  });
  await expect(system.ask('GET', '/api/v1/projects/none/detailed')).rejects.toThrow(
    'error getting app project \\"none\\": appproject.argoproj.io \\"none\\" not found',
  );
});

test('windows that are active are listed', async () => {
  const windows = ['* * * * *', '0 0 30 2 *'].map((schedule) => ({
    kind: 'deny',
    schedule,
    duration: '1h',
    applications: ['*'],
  }));
  await create('windowed', { syncWindows: windows });
  expect(await system.ask('GET', '/api/v1/projects/windowed/syncwindows')).toMatchObject({
    windows: [{ schedule: '* * * * *' }],
  });
  await create('quiet');
  expect(await system.ask('GET', '/api/v1/projects/quiet/syncwindows')).not.toHaveProperty('windows.0');
});
