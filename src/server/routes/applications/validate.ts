// What a server refuses before it stores an application.

import { GRPC_NAMES, grpcCodeOf } from '../../../api/status.ts';
import { asHawserError, HawserError } from '../../../core/errors.ts';
import { parse } from '../../../core/shape.ts';
import { specProblems } from '../../../engine/project.ts';
import { type ApplicationSpec, applicationSpec, sourcesOf } from '../../../model/application.ts';
import { explicitSourceType } from '../../../model/source.ts';
import type { KubeObject } from '../../../objects/object.ts';
import type { ServerPorts } from '../../ports.ts';
import { enforcedProject } from '../projects/find.ts';
import { repositoryFailure } from '../repository-failure.ts';

export interface Validation {
  /** Whether it must be possible to render it; absent means true. */
  readonly validate?: boolean;
  /** Whether that must give a manifest. */
  readonly requireManifests?: boolean;
}

/** `object` is what would be stored of what was given. */
export async function validateApplication(
  ports: ServerPorts,
  object: KubeObject,
  given: ApplicationSpec,
  { validate = true, requireManifests = false }: Validation,
): Promise<void> {
  const name = object.metadata.name ?? '';
  const spec = parse(applicationSpec, object['spec'], 'spec');
  validateDestination(name, spec);
  await ports.cluster(spec.destination).catch((thrown: unknown) => {
    const { message, hint } = asHawserError(thrown);
    throw new HawserError(
      'invalid',
      `application destination spec for ${name} is invalid: ${message}`,
      hint ? { hint } : {},
    );
  });
  const project = await enforcedProject(ports, spec.project);
  if (!project) {
    throw new HawserError('invalid', `app is not allowed in project "${spec.project}", or the project does not exist`, {
      hint: 'hawser app create … --project default',
    });
  }
  const problems = specProblems(spec, project, ports.clusterProject(spec.destination));
  if (problems.length > 0) throw invalidSpec(name, problems);
  if (!validate) return;
  checkSourceTypes(given);
  try {
    const manifests = await ports.tryRender(object);
    if (requireManifests && manifests === 0) throw nothingToDeploy(sourcesOf(spec)[0]?.path ?? '');
  } catch (thrown) {
    const error = repositoryFailure(thrown);
    const path = sourcesOf(spec)[0]?.path ?? '';
    const reason = `rpc error: code = ${GRPC_NAMES[grpcCodeOf(error)]} desc = ${error.message}`;
    const problem = `InvalidSpecError: Unable to generate manifests in ${path}: ${reason}`;
    throw error.with({ message: `application spec for ${name} is invalid: ${problem}`, details: { grpc: 3 } });
  }
}

/** As they were given: options that are empty name a tool, too. */
function checkSourceTypes(given: ApplicationSpec): void {
  try {
    for (const source of sourcesOf(given)) explicitSourceType(source);
  } catch (thrown) {
    const error = asHawserError(thrown);
    const place = 'error while validating and normalizing app: error validating the repo: error verifying source type';
    throw error.with({ message: `${place}: ${error.message}`, details: { grpc: 2 } });
  }
}

/** The reference would create it, and call it Synced; that is hardly ever what was meant. */
function nothingToDeploy(path: string): HawserError {
  return new HawserError('invalid', `there is no manifest in '${path}'`, {
    hint: 'check --path, and --directory-recurse for folders below it; --validate=false creates it all the same',
  });
}

function validateDestination(name: string, { destination }: ApplicationSpec): void {
  const fail = (reason: string): never => {
    throw new HawserError('invalid', `application destination spec for ${name} is invalid: ${reason}`);
  };
  if (!destination.server && !destination.name) fail('Destination server missing from app spec');
  if (destination.server && destination.name) {
    fail(`application destination can't have both name and server defined: ${destination.name} ${destination.server}`);
  }
}

function invalidSpec(name: string, problems: readonly string[]): HawserError {
  const joined = problems.map((problem) => `InvalidSpecError: ${problem}`).join(';');
  return new HawserError('invalid', `application spec for ${name} is invalid: ${joined}`);
}
