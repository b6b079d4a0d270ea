/** The form that a count takes, in the language of the words around it. */

const LANGUAGE = 'en';
const RULES = new Intl.PluralRules(LANGUAGE);

export type Forms = { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>;

/** The form for `count`; a `#` in it becomes `shown`. */
export function plural(count: number, forms: Forms, shown: string = String(count)): string {
  return (forms[RULES.select(count)] ?? forms.other).replace('#', shown);
}
