import { strToU8, zipSync } from 'fflate'

export type Given = string | number | boolean | Date | null

const EPOCH = Date.UTC(1899, 11, 30)
const DAY_MS = 86_400_000
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** `A1`; of up to 26 columns. */
const place = (row: number, column: number) => `${String.fromCharCode(65 + column)}${row + 1}`

function cell(value: Given, at: string): string {
  if (value === null) return ''
  if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`
  if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`
  if (value instanceof Date) return `<c r="${at}" s="1"><v>${(value.getTime() - EPOCH) / DAY_MS}</v></c>`
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

/** The parts of a workbook as Excel writes them, with one sheet. */
export function partsOf(rows: readonly (readonly Given[])[]): Record<string, string> {
  const lines = rows.map((row, y) => `<row r="${y + 1}">${row.map((value, x) => cell(value, place(y, x))).join('')}</row>`)
  return {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook ${MAIN} xmlns:r="${OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${HEAD}<styleSheet ${MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `${HEAD}<worksheet ${MAIN}><sheetData>${lines.join('')}</sheetData></worksheet>`,
  }
}

/** The parts of another sheet, behind the first. */
export function secondSheet(rows: readonly (readonly Given[])[]): Record<string, string> {
  const [first, second] = [partsOf([]), partsOf(rows)]
  const listed = '<sheet name="Sheet1" sheetId="1" r:id="rId1"/>'
  const related = `<Relationship Id="rId3" Type="${OFFICE}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`
  return {
    'xl/workbook.xml': String(first['xl/workbook.xml']).replace(listed, `${listed}<sheet name="Costs" sheetId="2" r:id="rId3"/>`),
    'xl/_rels/workbook.xml.rels': String(first['xl/_rels/workbook.xml.rels']).replace('</Relationships>', related),
    'xl/worksheets/sheet2.xml': String(second['xl/worksheets/sheet1.xml']),
  }
}

/** An Excel workbook, as bytes. */
export const workbook = (rows: readonly (readonly Given[])[], parts: Record<string, string> = {}): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries({ ...partsOf(rows), ...parts }).map(([name, text]) => [name, strToU8(text)])))
