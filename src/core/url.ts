const LOGIN = /\b([a-z][a-z\d+.-]*:\/\/)([^/\s'"]*)@/gi;

/** A text without the logins of the URLs in it; the user of an ssh URL is no secret and says which account is meant. */
export function withoutLogins(text: string): string {
  return text.replace(LOGIN, (_all, scheme: string, login: string) => {
    const [user = ''] = login.split(':');
    return /^https?:/i.test(scheme) || user === '' ? scheme : `${scheme}${user}@`;
  });
}

/** 'github.com/org/app' of every URL that names this repository: by https, by ssh, as git@host:path, with .git or without. */
export function repositoryName(url: string): string {
  const scp = /^[\w.-]+@([^:/]+):(?!\/\/)(.*)$/.exec(url.trim());
  const plain = scp
    ? `${scp[1]}/${scp[2]}`
    : url.trim().replace(/^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?/i, '$1');
  const [host = '', ...path] = plain.replace(/^file:\/\//i, '').split('/');
  return [host.toLowerCase(), ...path]
    .join('/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}

/** 'https://Example.com/a.git' and 'git@example.com:a' name the same repository as far as patterns go. */
export function normalRepository(url: string): string {
  const scp = /^[^@/:]+@([^:/]+):(.*)$/.exec(url.trim());
  const plain = scp ? `${scp[1]}/${scp[2]}` : url.trim();
  return plain
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}
