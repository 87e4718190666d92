// Which rights each endpoint asks for, and what a refusal says of an application that must stay hidden.

import { describe, expect, test } from 'vitest';
import type { EndpointRight, Right } from '../../../../src/api/rights.ts';
import { asHawserError, HawserError } from '../../../../src/core/errors.ts';
import { createAccess } from '../../../../src/engine/policy/access.ts';
import { parsePolicy } from '../../../../src/engine/policy/parse.ts';
import { type Authorizer, createAuthorizer } from '../../../../src/server/auth/authorize.ts';
import { type Caller, permissionDenied, policyEnforcer, unrestricted } from '../../../../src/server/auth/enforcer.ts';
import { CONTRACT, sampleInput } from '../../../support/contract.ts';

const DEPLOYER: Caller = { username: 'deployer', issuer: 'argocd', groups: [] };

/** Over one application, 'shop/web', with the rights that `granted` names. */
function authorizer(granted: (right: string) => boolean): {
  readonly asked: string[];
  readonly authorize: Authorizer['authorize'];
} {
  const asked: string[] = [];
  const { authorize } = createAuthorizer({
    enforcer: {
      may: (_caller, { resource, action, object }: Right) => {
        const right = `${resource}, ${action}, ${object}`;
        asked.push(right);
        return granted(right);
      },
    },
    namespace: 'argocd',
    cluster: async ({ 'id.value': value }) => `shop/${value}`,
    repository: async (url) => `shop/${url}`,
    applicationSet: async ({ name }) => `default/${name}`,
    findApplication: async ({ name, project }) => {
      if (name === 'web' && (!project || project === 'shop'))
        return {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Application',
          metadata: { name, namespace: 'argocd' },
          spec: { project: 'shop' },
        };
      throw project ? new HawserError('not-found', 'not found') : permissionDenied();
    },
  });
  return { asked, authorize };
}

describe('an endpoint', () => {
  test.each([
    ['GET /api/v1/applications/{name}', ['applications, get, shop/web']],
    ['POST /api/v1/applications', ['applications, create, web/web']],
    ['PUT /api/v1/applications/{application.metadata.name}', ['applications, update, shop/web']],
    ['PUT /api/v1/applications/{name}/spec', ['applications, update, shop/web']],
    ['PATCH /api/v1/applications/{name}', ['applications, update, shop/web']],
    ['DELETE /api/v1/applications/{name}', ['applications, get, shop/web', 'applications, delete, shop/web']],
    ['POST /api/v1/applications/{name}/sync', ['applications, get, shop/web', 'applications, sync, shop/web']],
    ['POST /api/v1/applications/{name}/rollback', ['applications, sync, shop/web']],
    ['DELETE /api/v1/applications/{name}/operation', ['applications, sync, shop/web']],
    ['GET /api/v1/applications/{applicationName}/resource-tree', ['applications, get, shop/web']],
    ['GET /api/v1/applications/{name}/logs', ['applications, get, shop/web', 'logs, get, shop/web']],
    ['POST /api/v1/applications/{name}/resource', ['applications, update//web//web, shop/web']],
    ['DELETE /api/v1/applications/{name}/resource', ['applications, delete//web//web, shop/web']],
    ['POST /api/v1/applications/{name}/resource/actions/v2', ['applications, action//web/get, shop/web']],
    ['GET /api/v1/projects/{name}', ['projects, get, web']],
    ['GET /api/v1/clusters/{id.value}', ['clusters, get, shop/web', 'clusters, get, shop/web']],
    ['GET /api/v1/repositories/{repo}/refs', ['repositories, get, shop/web', 'repositories, get, shop/web']],
    ['POST /api/v1/account/{name}/token', ['accounts, update, web']],
    ['GET /api/v1/session/userinfo', []],
  ])('%s asks for its right', async (name, rights) => {
    const endpoint = CONTRACT.find(({ method, path }) => `${method} ${path}` === name);
    if (!endpoint) throw new Error(`the contract has no ${name}`);
    const { asked, authorize } = authorizer(() => true);
    await authorize(endpoint.right, sampleInput(endpoint, 'web'), DEPLOYER);
    expect(asked).toEqual(rights);
  });
});

describe('an application', () => {
  const GET: EndpointRight<{ name: string; project?: string }> = {
    application: (input) => input,
    action: () => 'get',
    and: { resource: 'applications', action: 'delete' },
  };

  async function refusal(
    input: { name: string; project?: string },
    granted: RegExp,
  ): Promise<readonly [string, string]> {
    const { authorize } = authorizer((right) => granted.test(right));
    const { code, message } = await authorize(GET, input, DEPLOYER).then(
      () => ({ code: '', message: '' }),
      asHawserError,
    );
    return [code, message];
  }

  const DENIED = ['not-allowed', 'permission denied'];
  const ALL_OF_SHOP = /, shop\//;

  test.each([
    ['that is missing is denied to whom names no project', { name: 'no' }, ALL_OF_SHOP, DENIED],
    [
      'that is missing is not found in a project where it could be seen',
      { name: 'no', project: 'shop' },
      ALL_OF_SHOP,
      ['not-found', 'not found'],
    ],
    [
      'that is missing is denied in a project where nothing may be seen',
      { name: 'no', project: 'other' },
      ALL_OF_SHOP,
      DENIED,
    ],
    ['that must stay hidden is denied', { name: 'web' }, /nothing/, DENIED],
    ['that must stay hidden is denied by its project', { name: 'web', project: 'shop' }, /nothing/, DENIED],
    [
      'that may be seen but not deleted says so',
      { name: 'web' },
      /get/,
      ['not-allowed', 'permission denied: applications, delete, shop/web, sub: deployer'],
    ],
    ['that may be seen and deleted is handed on', { name: 'web' }, ALL_OF_SHOP, ['', '']],
  ])('%s', async (_, input, granted, expected) => {
    expect(await refusal(input, granted)).toEqual(expected);
  });
});

test('a local endpoint answers only a local caller', async () => {
  const { authorize } = authorizer(() => true);
  await expect(authorize('local', undefined, { ...DEPLOYER, username: 'admin' })).rejects.toThrow('permission denied');
  await expect(authorize('local', undefined, { ...DEPLOYER, isLocal: true })).resolves.toBeUndefined();
});

test('a policy decides, but not about who could change it', () => {
  const right = { resource: 'applications', action: 'delete', object: 'shop/web' } as const;
  const access = createAccess({
    settings: { lines: { rules: [], groupings: [] }, matchMode: 'glob', defaultRole: '' },
    project: () => undefined,
  });
  const { may } = policyEnforcer(() => access);
  expect(may({ ...DEPLOYER, username: 'admin' }, right)).toBe(true);
  expect(may(DEPLOYER, right)).toBe(false);
  expect(may({ ...DEPLOYER, isLocal: true }, right)).toBe(true);
  expect(unrestricted.may(DEPLOYER, right)).toBe(true);
});

test('the right to change an application is one on its resources where the settings say so', () => {
  const access = createAccess({
    settings: {
      lines: parsePolicy('p, deployer, applications, update, shop/*, allow'),
      matchMode: 'glob',
      defaultRole: '',
    },
    project: () => undefined,
  });
  const asks = (action: Right['action'], inherits: boolean): boolean =>
    policyEnforcer(
      () => access,
      () => inherits,
    ).may(DEPLOYER, { resource: 'applications', action, object: 'shop/web' });
  expect(asks('update/apps/Deployment/shop/web', false)).toBe(false);
  expect(asks('update/apps/Deployment/shop/web', true)).toBe(true);
  expect(asks('delete/apps/Deployment/shop/web', true)).toBe(false);
  expect(asks('action/apps/Deployment/restart', true)).toBe(false);
});
