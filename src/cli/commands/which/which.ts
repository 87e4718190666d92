import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import { nearest } from '../../../core/nearest.ts';
import type { Application } from '../../../model/application.ts';
import { qualifiedName } from '../../../model/application.ts';
import type { Owner, Ownership } from '../../../model/ownership.ts';
import { isOfKind, parseResourceWord } from '../../../model/resource-word.ts';
import { renderOwnership } from '../../../render/ownership.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { fetchApplications, listedClaims, type Question, treeClaims, withHealth } from './shared/claims.ts';
import { contradictionsOf, labelKeyOf, type TrackedClaim, trackingOf } from './shared/tracking.ts';

const WHICH_FLAGS = [
  {
    name: 'namespace',
    short: 'n',
    type: 'string',
    value: 'namespace',
    own: true,
    summary: 'namespace of the resource (default: all)',
  },
  { ...outputFlag('name, json or yaml'), own: true },
] as const satisfies readonly Flag[];

export type WhichOptions = OptionsOf<typeof WHICH_FLAGS> & { readonly resource: string; readonly name?: string };

export function whichCommand(context: Context, run = runWhich): Command {
  return defineCommand(
    {
      name: 'which',
      description:
        'Shows which application owns a resource, how it is tracked, and what contradicts: two applications that claim it, or a tracking annotation that names another one. What resources made, like the Pods of a Deployment, counts too.',
      arguments: ['<resource>', '[name]'],
      argumentSummaries: {
        '<resource>': 'KIND/NAME, as kubectl takes it: deploy/web, deployments.apps/web',
        '[name]': 'name of the resource, where the first argument is the kind alone',
      },
      flags: WHICH_FLAGS,
      examples: [
        { about: 'Which application owns this Deployment?', line: 'hawser which deploy/web -n shop' },
        { about: 'Which one does a Pod come from?', line: 'hawser which pod/web-7d4b9c-x2x7p -n shop' },
        { about: 'Sync the owner of a ConfigMap', line: 'hawser app sync "$(hawser which cm/web -n shop -o name)"' },
      ],
    },
    (options, resource, name) => run({ ...options, resource, name }, context),
  );
}

async function runWhich({ resource, name, namespace, output }: WhichOptions, context: Context): Promise<void> {
  if (output !== undefined) checkFormat(output, ['name', 'json', 'yaml']);
  const text = name === undefined ? resource : `${resource}/${name}`;
  const word = parseResourceWord(text);
  if (!word) {
    throw new HawserError('usage', `'${text}' does not name a resource`, {
      hint: 'write it like deploy/web or deployments.apps/web',
    });
  }
  const question = { word, namespace: namespace || undefined };
  const { client } = await context.connect();
  const applications = await fetchApplications(client);
  const listed = listedClaims(applications, question);
  const claims =
    listed.length > 0 ? await withHealth(listed, client) : await treeClaims(applications, question, client);
  if (claims.length === 0) throw noOwner(text, question, applications);
  const labelKey = await labelKeyOf(client);
  const tracked = await Promise.all(
    claims.map(async (claim) => ({ ...claim, tracking: await trackingOf(claim, labelKey, client) })),
  );
  await writeOwnership(ownershipOf(tracked, applications), output, context);
}

function ownershipOf(claims: readonly TrackedClaim[], applications: readonly Application[]): Ownership {
  const byResource = new Map<string, TrackedClaim[]>();
  for (const claim of claims.filter(({ through }) => through === '')) {
    const { group, kind, namespace, name } = claim.resource;
    const key = [destinationOf(claim.application), group, kind, namespace, name].join('/');
    byResource.set(key, [...(byResource.get(key) ?? []), claim]);
  }
  return {
    owners: claims.map(ownerOf),
    contradictions: [...byResource.values()].flatMap((some) => contradictionsOf(some, applications)),
  };
}

/** Two clusters may have objects of one name. */
const destinationOf = ({ spec: { destination } }: Application): string => destination.name || destination.server || '';

const ownerOf = ({ application, resource, through, sync, health, tracking }: TrackedClaim): Owner => ({
  application: qualifiedName(application),
  project: application.spec.project,
  resource,
  through,
  sync,
  health,
  tracking: tracking.method,
  instance: tracking.instance,
});

async function writeOwnership(ownership: Ownership, output: string | undefined, context: Context): Promise<void> {
  if (output === 'name') {
    const names = new Set(ownership.owners.map(({ application }) => application));
    context.io.out.write([...names].map((name) => `${name}\n`).join(''));
  } else if (output === undefined || !(await writeDocument(ownership, output, context)))
    context.io.out.write(renderOwnership(ownership, await context.view()));
}

function noOwner(text: string, question: Question, applications: readonly Application[]): HawserError {
  const { namespace } = question;
  const where = namespace === undefined ? '' : ` in namespace '${namespace}'`;
  return new HawserError('not-found', `no application owns ${text}${where}`, { hint: hintFor(question, applications) });
}

/** The same name elsewhere, or one of the same kind that is spelled alike. */
function hintFor({ word, namespace }: Question, applications: readonly Application[]): string {
  const [elsewhere] = listedClaims(applications, { word, namespace: undefined });
  if (namespace !== undefined && elsewhere)
    return `there is one in namespace '${elsewhere.resource.namespace}': -n ${elsewhere.resource.namespace}`;
  const alike = applications.flatMap(({ status }) => status?.resources ?? []).filter((one) => isOfKind(word, one));
  const [near] = nearest(
    word.name,
    alike.map(({ name = '' }) => name),
  );
  return near === undefined
    ? 'hawser app resources NAME lists what an application owns'
    : `did you mean ${word.kind}/${near}?`;
}
