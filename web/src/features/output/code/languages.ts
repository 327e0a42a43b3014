import { type Language, LanguageDescription, LanguageSupport } from '@codemirror/language'

function described(name: string, alias: readonly string[], load: () => Promise<Language>): LanguageDescription {
  return LanguageDescription.of({ name, alias, load: async () => new LanguageSupport(await load()) })
}

const javascript = () => import('./javascript.ts')

/** By what people write behind the backticks; each comes when the first code in it does. */
export const CODE_LANGUAGES: readonly LanguageDescription[] = [
  described('TypeScript', ['ts', 'mts', 'cts'], () => javascript().then(({ typescriptLanguage }) => typescriptLanguage)),
  described('TSX', [], () => javascript().then(({ tsxLanguage }) => tsxLanguage)),
  described('JavaScript', ['js', 'mjs', 'cjs', 'json'], () => javascript().then((module) => module.javascriptLanguage)),
  described('JSX', [], () => javascript().then(({ jsxLanguage }) => jsxLanguage)),
  described('SQL', ['postgres', 'postgresql', 'duckdb'], () => import('./sql.ts').then(({ sqlLanguage }) => sqlLanguage)),
  described('Python', ['py'], () => import('./python.ts').then(({ pythonLanguage }) => pythonLanguage)),
]
