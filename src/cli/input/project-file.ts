// Projects from YAML or JSON.

import { HawserError, messageOf } from '../../core/errors.ts';
import { isList, isObject, listAt } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import { parseYamlDocuments } from '../../core/yaml.ts';
import { type Project, project } from '../../model/project.ts';
import type { Context } from '../context.ts';
import { checkFields } from './check-fields.ts';
import { goWords } from './go-words.ts';
import { readSource } from './read-source.ts';
import { readTyped } from './typed-document.ts';

/** Every project of a file, a URL or stdin ('-'). The reference reads the first alone. */
export async function readProjects(from: string, context: Context): Promise<readonly Project[]> {
  try {
    const text = await readSource(from, context);
    const source = from === '-' ? 'stdin' : from;
    await checkFields({ text, source, kind: 'AppProject' }, context);
    const projects = readTyped(() => projectsFrom(text, source), context);
    return context.policy.own.add(() => projects, projects.slice(0, 1));
  } catch (thrown) {
    throw thrown instanceof HawserError
      ? thrown.with({ reason: { kind: 'unreadable-project', why: goWords(thrown) } })
      : thrown;
  }
}

function projectsFrom(text: string, name: string): readonly Project[] {
  const documents = parseYamlDocuments(text, name)
    .flatMap(documentsOf)
    .filter((document) => document !== null && document !== undefined);
  if (documents.length === 0) throw new HawserError('invalid', `${name}: there is no project in it`);
  return documents.map((document) => projectFrom(document, name));
}

/** A list of documents is one document that holds several. */
function documentsOf(document: unknown): readonly unknown[] {
  if (isList(document)) return document;
  const kind = isObject(document) ? document['kind'] : undefined;
  return kind === 'List' || kind === 'AppProjectList' ? listAt(document, 'items') : [document];
}

function projectFrom(document: unknown, name: string): Project {
  if (!isObject(document)) throw new HawserError('invalid', `${name}: a project is an object`);
  const kind = document['kind'];
  if (kind !== undefined && kind !== 'AppProject')
    throw new HawserError('invalid', `${name}: ${String(kind)} is not an AppProject`, {
      hint: 'Applications are created by: hawser app create -f FILE',
    });
  try {
    const { metadata, spec } = parse(project, { spec: {}, ...document }, name);
    return { metadata, spec };
  } catch (thrown) {
    throw new HawserError('invalid', messageOf(thrown), { cause: thrown });
  }
}
