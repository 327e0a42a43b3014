import { PostgreSQL } from '@codemirror/lang-sql'

export const sqlLanguage = PostgreSQL.language
