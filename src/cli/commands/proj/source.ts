import { normalRepository } from '../../../core/url.ts';
import { projectEdit } from './shared/project-edit.ts';

export const addSourceCommand = projectEdit({
  name: 'add-source',
  description: 'Lets the applications of a project use a repository. The URL may be a glob; !PATTERN denies.',
  arguments: ['<url>'],
  flags: [],
  examples: [
    { about: 'Allow a repository', line: 'hawser proj add-source shop https://git.example.com/shop/deploy.git' },
    { about: 'Allow all of a group', line: "hawser proj add-source shop 'https://git.example.com/shop/*'" },
    { about: 'Deny one', line: "hawser proj add-source shop '!https://git.example.com/shop/secret.git'" },
  ],
  edit: ({ spec }, { args: [url] }) => {
    const sources = spec.sourceRepos ?? [];
    const isAllowed = sources.some(
      (other) => (other === '*' && !url.startsWith('!')) || normalRepository(other) === normalRepository(url),
    );
    if (isAllowed)
      return {
        says: `repository '${url}' is allowed already`,
        referenceOut: `Source repository '${url}' already allowed in project\n`,
      };
    return { spec: { ...spec, sourceRepos: [...sources, url] }, says: `repository '${url}' allowed` };
  },
});

export const removeSourceCommand = projectEdit({
  name: 'remove-source',
  description: 'Takes a repository from a project.',
  arguments: ['<url>'],
  flags: [],
  examples: [
    { about: 'Take a repository away', line: 'hawser proj remove-source shop https://git.example.com/shop/deploy.git' },
    { about: 'No longer allow all', line: "hawser proj remove-source shop '*'" },
  ],
  edit: ({ spec }, { args: [url] }) => {
    const sources = spec.sourceRepos ?? [];
    if (!sources.includes(url))
      return {
        says: `repository '${url}' is not among its repositories`,
        referenceOut: `Source repository '${url}' does not exist in project\n`,
      };
    const sourceRepos = sources.filter((other) => other !== url);
    return { spec: { ...spec, sourceRepos }, says: `repository '${url}' removed` };
  },
});
