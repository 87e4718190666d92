// What a server refuses before it stores an application.

import { asHawserError, HawserError } from '../../../core/errors.ts';
import { parse } from '../../../core/shape.ts';
import { specProblems } from '../../../engine/project.ts';
import { type ApplicationSpec, applicationSpec, sourcesOf } from '../../../model/application.ts';
import { PROJECT_TYPE, project as projectShape } from '../../../model/project.ts';
import type { KubeObject } from '../../../objects/object.ts';
import type { ServerPorts } from '../../ports.ts';

export async function validateApplication(ports: ServerPorts, object: KubeObject, renders: boolean): Promise<void> {
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
  const { home, namespace } = ports;
  const project = await home.get({ ...PROJECT_TYPE, namespace, name: spec.project });
  if (!project) {
    throw new HawserError('invalid', `application references project ${spec.project} which does not exist`, {
      hint: 'hawser app create … --project default',
    });
  }
  const problems = specProblems(spec, parse(projectShape, project, `project '${spec.project}'`));
  if (problems.length > 0) throw invalidSpec(name, problems);
  if (!renders) return;
  try {
    await ports.tryRender(object);
  } catch (thrown) {
    const error = asHawserError(thrown);
    const path = sourcesOf(spec)[0]?.path ?? '';
    const message = `application spec for ${name} is invalid: InvalidSpecError: Unable to generate manifests in ${path}: ${error.message}`;
    throw new HawserError(error.code, message, {
      ...(error.hint ? { hint: error.hint } : {}),
      details: { grpc: 3 },
      cause: thrown,
    });
  }
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
