import { masked, parseAddress } from '@rivulet/server/src/connections/address.ts'
import { expect, test } from 'vitest'

test.each([
  [
    'postgresql://ann:secret@db.example.org:6432/sales?sslmode=require',
    { host: 'db.example.org', port: 6432, database: 'sales', user: 'ann', password: 'secret', sslMode: 'require' },
  ],
  [
    'postgres://ann@DB.example.org',
    { host: 'db.example.org', port: 5432, database: 'ann', user: 'ann', password: '', sslMode: 'prefer' },
  ],
  [
    'postgresql://a%40b:p%2Fw%3F%25@[2001:db8::1]:1/%C3%A9%20x',
    { host: '2001:db8::1', port: 1, database: 'é x', user: 'a@b', password: 'p/w?%' },
  ],
  [
    'postgresql://u:p@h.example/d?options=-c%20search_path%3Da&application_name=me&channel_binding=require',
    { options: '-c search_path=a', applicationName: 'me' },
  ],
])('reads %s', (text, address) => {
  expect(parseAddress(text)).toMatchObject(address)
})

test.each([
  ['mysql://u:hidden@h/d', 'looks like'],
  ['hidden', 'looks like'],
  ['host=h user=u password=hidden', 'looks like'],
  ['postgresql://:hidden@h/d', 'which user'],
  ['postgresql:///d?user=u&password=hidden', 'no host'],
  ['postgresql://u:hidden@%2Fvar%2Frun/d', 'socket'],
  ['postgresql://u:hidden@a,b/d', 'no host that can be reached'],
  ['postgresql://u:hidden@h/d?sslmode=maybe', 'sslmode has to be'],
  ['postgresql://u:hidden@h/d?sslrootcert=/etc/passwd', 'sslrootcert'],
  ['postgresql://u:hidden@h/d?host=/tmp', 'cannot be used here: host'],
  ['postgresql://u@h/d?Hidden=1', 'not encoded'],
  ['postgresql://u:hidden%zz@h/d', '%25'],
])('refuses %s, and does not repeat what may be a password', (text, why) => {
  expect(() => parseAddress(text)).toThrow(why)
  expect(() => parseAddress(text)).not.toThrow(/hidden|passwd|\/tmp/)
})

test('masked, it has no password', () => {
  const text = JSON.stringify(masked(parseAddress('postgresql://ann:secret@h.example/d?options=-c%20x%3Dy')))
  expect(text).not.toMatch(/secret|options/)
})
