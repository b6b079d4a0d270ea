/** Where something is sent, as a person knows it: a name, and a port where there is one. */
export function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
}
