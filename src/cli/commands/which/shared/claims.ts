// Which applications have a resource: as one of their own, or below one of these in their trees.

import { sentFields } from '../../../../api/application-fields.ts';
import { listApplications, resourceTree } from '../../../../api/applications.ts';
import type { Client } from '../../../../client/client.ts';
import { asHawserError, type HawserError } from '../../../../core/errors.ts';
import { type Application, application, qualifiedName } from '../../../../model/application.ts';
import { labelOf, type OwnedResource } from '../../../../model/ownership.ts';
import type { ResourceNode } from '../../../../model/resource.ts';
import { isNamed, type ResourceWord } from '../../../../model/resource-word.ts';

export interface Claim {
  readonly application: Application;
  readonly resource: OwnedResource;
  readonly version: string;
  readonly through: string;
  readonly sync: string;
  readonly health: string;
}

export interface Question {
  readonly word: ResourceWord;
  /** Undefined is any. */
  readonly namespace: string | undefined;
}

const FIELDS = sentFields('status.sync.status', 'status.health', 'status.resources');

export async function fetchApplications(client: Client): Promise<readonly Application[]> {
  const list = { endpoint: listApplications, item: application, without: [] };
  const applications: Application[] = [];
  for await (const one of client.items(list, { fields: FIELDS })) applications.push(one);
  return applications.sort((a, b) => (qualifiedName(a) < qualifiedName(b) ? -1 : 1));
}

export const listedClaims = (applications: readonly Application[], question: Question): readonly Claim[] =>
  applications.flatMap((one) =>
    (one.status?.resources ?? [])
      .filter((resource) => isMeant(resource, question))
      .map((resource) => ({
        application: one,
        resource: keyOf(resource),
        version: resource.version ?? '',
        through: '',
        sync: resource.status ?? '',
        health: resource.health?.status ?? '',
      })),
  );

/** A tree is a request. */
const AT_ONCE = 8;

/**
 * What no application lists may be made by something that one of them has: a Pod by a Deployment. Throws what kept a tree from being
 * read where no other has the resource: nobody can say then that none owns it.
 */
export async function treeClaims(
  applications: readonly Application[],
  question: Question,
  client: Client,
): Promise<readonly Claim[]> {
  const candidates = applications.filter((one) => reaches(one, question.namespace));
  const unread: HawserError[] = [];
  for (let begin = 0; begin < candidates.length; begin += AT_ONCE) {
    const some = candidates.slice(begin, begin + AT_ONCE);
    const batches = await Promise.all(
      some.map((one) =>
        claimsInTree(one, question, client).catch((thrown: unknown): readonly Claim[] => {
          const error = asHawserError(thrown);
          // Deleted since it was listed, it owns nothing.
          if (error.code !== 'not-found') unread.push(unreadTree(one, error));
          return [];
        }),
      ),
    );
    // Above a resource stands one other, so that no application further down the list has it too.
    if (batches.flat().length > 0) return batches.flat();
  }
  const [first] = unread;
  if (first) throw first;
  return [];
}

const unreadTree = ({ metadata: { name } }: Application, error: HawserError): HawserError =>
  error.with({ message: `cannot look into application '${name}': ${error.message}` });

const reaches = ({ spec, status }: Application, namespace: string | undefined): boolean =>
  namespace === undefined ||
  spec.destination.namespace === namespace ||
  (status?.resources ?? []).some((resource) => resource.namespace === namespace);

/** A server need not keep the health of resources in its list; the tree always has it. */
export const withHealth = (claims: readonly Claim[], client: Client): Promise<readonly Claim[]> =>
  Promise.all(
    claims.map(async (claim, index) => {
      if (claim.health !== '' || index >= AT_ONCE) return claim;
      const { group, kind, namespace, name } = claim.resource;
      const nodes = await treeOf(claim.application, client).catch(() => []);
      const node = nodes.find(
        (one) =>
          one.kind === kind && one.name === name && (one.group ?? '') === group && (one.namespace ?? '') === namespace,
      );
      return { ...claim, health: node?.health?.status ?? '' };
    }),
  );

async function treeOf(
  { metadata: { name, namespace } }: Application,
  client: Client,
): Promise<readonly ResourceNode[]> {
  const { nodes } = await client.call(resourceTree, { applicationName: name, appNamespace: namespace });
  return nodes ?? [];
}

async function claimsInTree(one: Application, question: Question, client: Client): Promise<readonly Claim[]> {
  const nodes = await treeOf(one, client);
  return nodes
    .filter((node) => isMeant(node, question))
    .map((node) => ({
      application: one,
      resource: keyOf(node),
      version: node.version ?? '',
      through: labelOf(rootOf(node, nodes)),
      sync: '',
      health: node.health?.status ?? '',
    }));
}

/** What stands at the top above a node; one that names itself as its parent stands there too. */
function rootOf(node: ResourceNode, nodes: readonly ResourceNode[], depth = 0): ResourceNode {
  const [parent] = node.parentRefs ?? [];
  const above = nodes.find(({ uid }) => uid !== undefined && uid === parent?.uid);
  return above === undefined || depth > nodes.length ? node : rootOf(above, nodes, depth + 1);
}

interface Placed {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** A kind without namespaces is meant in all of them, as kubectl has it. */
const isMeant = (resource: Placed, { word, namespace }: Question): boolean =>
  isNamed(word, resource) && (namespace === undefined || ['', namespace].includes(resource.namespace ?? ''));

const keyOf = ({ group = '', kind = '', namespace = '', name = '' }: Placed): OwnedResource => ({
  group,
  kind,
  namespace,
  name,
});
