import {
  createWriteRepository,
  deleteWriteRepository,
  getWriteRepository,
  listWriteRepositories,
  updateWriteRepository,
  validateWriteRepository,
} from '../../api/write-repositories.ts';
import { HawserError } from '../../core/errors.ts';
import { plainText } from '../http/answers.ts';
import { type Route, rawRoute, route } from '../http/route.ts';

const hydratorDisabled = (): HawserError => new HawserError('not-implemented', 'hydrator is disabled');

/** A URL that is encoded once is taken apart at its slashes before a route is looked for: there is none. */
function answerTo(url: string): ReturnType<typeof plainText> {
  if (url.includes('/')) return plainText(404, 'Not Found');
  throw hydratorDisabled();
}

export function writeRepositoryRoutes(): Route[] {
  const refuse = async (): Promise<never> => {
    throw hydratorDisabled();
  };
  return [
    route(listWriteRepositories, refuse),
    route(createWriteRepository, refuse),
    rawRoute(getWriteRepository, async ({ repo }) => answerTo(repo)),
    rawRoute(updateWriteRepository, async ({ 'repo.repo': repo }) => answerTo(repo)),
    rawRoute(deleteWriteRepository, async ({ repo }) => answerTo(repo)),
    rawRoute(validateWriteRepository, async ({ repo }) => answerTo(repo)),
  ];
}
