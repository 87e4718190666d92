const LOGIN = /\b([a-z][a-z\d+.-]*:\/\/)([^/\s'"]*)@/gi;

/** A text without the logins of the URLs in it; the user of an ssh URL is no secret and says which account is meant. */
export function withoutLogins(text: string): string {
  return text.replace(LOGIN, (_all, scheme: string, login: string) => {
    const [user = ''] = login.split(':');
    return /^https?:/i.test(scheme) || user === '' ? scheme : `${scheme}${user}@`;
  });
}
