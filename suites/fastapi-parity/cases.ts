import type { Case } from '../../testing/fastapi/fastapi.ts';

const ID = '0123abcd-1234-5678-9abc-def012345678';
const WORKSPACE = { workspace_name: 'default' };
const SESSION = { ...WORKSPACE, session_id: ID };
const FILE = { ...WORKSPACE, file_id: ID };
const JSON_TYPE = 'application/json';

type Asked = Partial<Case> & Pick<Case, 'route'>;

const ask = (asked: Asked): Case => ({
  params: WORKSPACE,
  query: '',
  body: null,
  contentType: typeof asked.body === 'string' ? JSON_TYPE : null,
  ...asked,
});

const create = (body: string | null, contentType: string | null = JSON_TYPE) =>
  ask({ route: 'create_upload_session', body, contentType });
const close = (body: string) => ask({ route: 'close_upload_session', params: SESSION, body });
const token = (body: string) => ask({ route: 'create_token', params: {}, body });
const workspace = (body: string) => ask({ route: 'create_workspace', params: {}, body });
const deletion = (body: string) => ask({ route: 'delete_files', body });
const metadata = (body: string, contentType: string | null = JSON_TYPE) =>
  ask({ route: 'update_metadata', params: FILE, body, contentType });
const bulk = (body: string) => ask({ route: 'bulk_update_metadata', body });
const sessions = (query: string) => ask({ route: 'list_upload_sessions', query });
const files = (query: string) => ask({ route: 'list_files', query });

/** As a JSON value that stands for a text of the table, or as it is where the table has JSON. */
const text = (value: string) => JSON.stringify(value);
const query = (name: string, value: string) => `${name}=${encodeURIComponent(value)}`;

// ------------------------------------------------------------------------------------------- values by kind

// biome-ignore format: a table
const OF_ANY_KIND = [
  'null', 'true', 'false', '0', '1', '-1', '1.5', '[]', '[1]', '{}', '{"a":1}', '""', '"x"', '" "',
];
// biome-ignore format: a table
const ODD_NUMBERS = [
  '2', '-0', '-0.0', '0.0', '1.0', '2.0', '1e0', '1e3', '1E+2', '0.1', '1e-7', '86400', '86401', '86400.0',
  '1e15', '1e30', '-1e30', '9007199254740993', '9223372036854775807', '9223372036854775808',
  '99999999999999999999999', '1e400', '-1e400',
];
// biome-ignore format: a table
const INTEGER_TEXTS = [
  '1', '01', '0001', '+1', '-1', '-0', '+0', ' 1', '1 ', '\t1\n', '\u00a01', '\u00851', '\ufeff1', '\u200b1',
  '\u001c1', '1.0', '1.00', '1.', '.0', '.', '1.5', '1.0.0', '-1.0', '+1.0', ' +1.0 ', '1_0', '1_0.0', '1_0_0',
  '_1', '1_', '1__0', '-_1', '0_1', '1.0_0', '1_.0', '1e1', '1E1', '++1', '+-1', '--1', '- 1', '1 0', '1,0',
  '0x1', '0b1', '1a', 'one', '\u0663', '\uff11', '+', '-', '_', '1\0', 'Infinity', 'NaN', 'null', 'true',
  '86400', '86401', '100', '101', '99999999999999999999999', `${'0'.repeat(30)}1`, `-${'0'.repeat(30)}1`,
  '1'.repeat(300),
];
// biome-ignore format: a table
const LONG_INTEGER_TEXTS = [
  '1'.repeat(4300), '1'.repeat(4301), `0${'1'.repeat(4300)}`, `-${'1'.repeat(4300)}`, `x${'1'.repeat(4300)}`,
  'x'.repeat(4301),
];
// biome-ignore format: a table
const BOOLEAN_TEXTS = [
  'true', 'True', 'TRUE', 'tRuE', 'false', 'FALSE', 't', 'T', 'f', 'F', 'yes', 'YES', 'no', 'No', 'y', 'Y',
  'n', 'N', 'on', 'ON', 'off', 'Off', '1', '0', '2', '-1', '00', '01', '1.0', ' true', 'true ', 'yes ',
  'truee', 'tru', 'null', 'none', '\uff54rue', '\u0130', '\u017f', 'true\0', 'enable',
];
// biome-ignore format: a table
const WRITE_MODE_TEXTS = [
  'KEEP', 'OVERWRITE', 'FAIL', 'TEMPORARY', 'keep', 'Keep', 'KEEP ', ' KEEP', 'WriteMode.KEEP', 'KEEPS',
  'toString', '__proto__',
];
// biome-ignore format: a table
const UUID_TEXTS = [
  ID, ID.toUpperCase(), ID.replaceAll('-', ''), `{${ID}}`, `urn:uuid:${ID}`, `{${ID.toUpperCase()}}`,
  '00000000-0000-0000-0000-000000000000', `URN:UUID:${ID}`, `Urn:uuid:${ID}`, `urn:${ID}`,
  `urn:uuid:${ID.replaceAll('-', '')}`, `{${ID.replaceAll('-', '')}}`, `{urn:uuid:${ID}}`, `{{${ID}}}`,
  ` ${ID}`, `${ID} `, `${ID}\n`, 'abc', 'x', '1', '\u00fc', '\u{1f600}', `0123abc\u{1f600}`,
  `${ID.slice(0, -1)}\u00fc`, '0'.repeat(31), '0'.repeat(33), '0'.repeat(36), '1-2-3-4-5', '----', '-----',
  '---', '-', '{}', '{', '}', '{}}', 'urn:uuid:', 'urn:uuid:x', 'urn:uuid', '{g}', '{\u00fc}', `{${ID}`,
  `${ID}}`, ID.slice(0, -1), `${ID}1`, `{${ID}1}`, `{${ID.slice(0, -2)}}`, `{${ID.slice(0, -1)}}`,
  `urn:uuid:${ID.slice(0, -1)}`, `{${ID}-}`, '0123abcd--5678-9abc-def012345678',
  '0123abcd1-123-5678-9abc-def012345678', '0123abcd-1234-5678-9abcd-ef012345678',
  '0123abcd-1234-5678-9abcdef012345678', '12345678-1234-1234-1234-', '-12345678-1234-1234-1234',
  '12345678----', '0123abcd-1234-5678-9abc-def0123456780', '0123abcd_1234_5678_9abc_def012345678', 'null',
];
// biome-ignore format: a table
const TIME_TEXTS = [
  '2022-05-12T12:25:09+02:00', '2022-05-12', '2022-05-12T12:25', '2022-05-12 12:25:09', '2022-05-12_12:25:09',
  '2022-05-12t12:25:09z', '2022-05-12T12:25Z', '2022-05-12T12:25:09.1', '2022-05-12T12:25:09.123456Z',
  '2022-05-12T12:25:09.1234567Z', '2022-05-12T12:25:09.123456789Z', '2022-05-12T12:25:09,5Z',
  '2022-05-12T12:25:09+0200', '2022-05-12T12:25:09\u221202:00', '2022-05-12T12:25:09-00:00',
  '2022-05-12T12:25:09+23:59', '2022-05-12T12:25:09-23:59', '2024-02-29T00:00:00Z', '2000-02-29', '1900-02-28',
  '0001-01-01T00:00:00Z', '0099-12-31T00:00:00Z', '9999-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z',
  '2022-05-12T12:25:09 +02:00', '2022-05-12T12:25:09 Z', '2022-05-12T12:25:09+02', '2022-05-12T12:25:09+2:00',
  '2022-05-12T12:25:09+24:00', '2022-05-12T12:25:09+02:60', '2022-05-12T24:00:00Z', '2022-05-12T12:60:00Z',
  '2022-05-12T12:25:60Z', '2022-13-12T12:25:09Z', '2022-00-12', '2022-05-00', '2022-05-32',
  '2022-02-30T12:25:09Z', '2022-02-29T00:00:00Z', '2022-04-31', '1900-02-29', '0000-01-01T00:00:00Z',
  '0000-00-00', '0000-01-01', '0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00', '', ' ', 'x', 'now',
  'tomorrow', 'tomorrow at noon', 'NaN', 'inf', 'null', '12:25', '2022-05-', '2022-5-12T12:25:09',
  '20220512T122509Z', '2022/05/12', '2022/05/12 10:00', '2022-W01-1', '2022-05-12T', '2022-05-12T12',
  '2022-05-12T1:25:09Z', '2022-05-12T12:25:0', '2022-05-12T12:25:09.', '2022-05-12T12:25:09Zx',
  '2022-05-12T12-25-09Z', '2022-05-12X12:25:09', '2022-05-12Z', '2022-05-12\0', ' 2022-05-12T12:25:09Z ',
  '2022-05-12T12:25:09Z+01:00', '\u00fc', '\u00fc'.repeat(5), '2022-05-1\u00fc', '2022-05-12\u00fc',
  '202\u00fc-05-12', '2022-0a-12', '2022-05-1a', '2022-05:12', 'Thu, 12 May 2022 12:25:09 GMT', '2022', '0',
  '-1', '+1652358309', '1652358309', '1652358309123', '1652358309.5', '1652358309.1234567', '1.', '.5', '-.5',
  '1.5e3', '1.5E+3', '1e3', '1_000', '.', '-', '1.5x', '1.1.1', '0x1', ' 1652358309 ', '99999999999999999',
  '-99999999999999999', '99999999999999999999', '16002358309123.75', '253402300799999', '253402300800000',
  '-62135596800000', '-62135596800001', '-62167219200001',
];
// biome-ignore format: a table
const TIME_NUMBERS = [
  '1652358309', '1652358309.5', '1652358309.123456', '1652358309.1234567', '1652358309123', '1652358309123.5',
  '-1', '-1.5', '-0.25', '-1652358309.123456', '0.1', '20000000000', '20000000001', '-20000000000', '-20000000001', '253402300799',
  '253402300799999', '253402300800000', '-11676096001', '-62135596800000', '-62135596800001',
  '-62167219200000', '-62167219200001', '1e11', '1e12', '1e18',
];
// biome-ignore format: a table
const NAME_TEXTS = [
  'a', 'a'.repeat(200), 'a'.repeat(201), '\u{1f600}'.repeat(200), '\u{1f600}'.repeat(201), '\0', 'a\nb',
  '\u202e', '<script>',
];

// ----------------------------------------------------------------------------------------- bodies as a whole

// biome-ignore format: a table
const BODIES = [
  '{}', 'null', '5', 'true', '1.5', '"x"', '""', '[]', '[1]', '[["write_mode","KEEP"]]', '[{}]', ' {} ',
  '\n{}\n', '\ufeff{}', '\ufeff[]', '{"other":1}', '{"__proto__":{"write_mode":"x"}}',
  '{"constructor":{"prototype":{}}}', '{"write_mode":"KEEP","write_mode":"x"}',
  '{"write_mode":"x","write_mode":"KEEP"}', '{"toString":1,"hasOwnProperty":2}', '{"":1}', '{"\\u0061":1}',
];
// biome-ignore format: a table
const NOT_JSON = [
  ' ', '  ', '\n', 'x', 'xyz', '{', '[', '}', ']', '"', '"abc', '{"', '{"a', '{"a"', '{"a":', '{"a":1',
  '{"a":1 ', '{"a" 1}', '{"a"=1}', '{a:1}', "{'a':1}", '{1:2}', '{"a":}', '{"a":x}', '{"a":1 "b":2}',
  '{"a":1;"b":2}', '{,}', '{"a":1,,"b":2}', '{"a":1}}', '{} {}', '{}x', '[1', '[1 2]', '[1;2]', '[,1]',
  '[1,,2]', '[[1]', '[{]', '{[}', '[1}', '{"a":[1}', '{"a":[}', 'tru', 'True', 'None', 'undefined', 'nul',
  'nulll', 'falsee', '01', '00', '-', '+1', '.5', '1.', '1.e1', '1e', '1e+', '-x', '0x10', '1_0', '--1',
  '[1.]', '[-]', '[01]', '{"a":01}', '"a\nb"', '"\t"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\\', '"\\u',
  '"abc\\"', '{"a\nb":1}', '{"\\q":1}', '// comment\n{}', '/* */', '{"a":1}//', '<xml/>', 'write_mode=KEEP',
  '\u00a0{}', '{}\u00a0', '{"\u00fc":x}', '{"\u{1f600}":x}', '["\u{1f600}" 1]', '\ufeff\ufeff{}', '\ufeff',
  '\ufeff{x', '{"a":"\u2028" x}', '\0', '{}\0', '5\0', '{\0}\0', 'NaN', '{"write_mode":NaN}', '{"other":NaN}', '[Infinity]',
  '{"a":-Infinity}', '-Infinity',
];
// biome-ignore format: a table
const CONTENT_TYPES = [
  null, '', 'application/json', 'APPLICATION/JSON', 'Application/Json; charset=utf-8',
  'application/json; charset=latin1', 'application/json;', 'application/json ;a=b', 'application/vnd.api+json',
  'application/+json', 'application/problem+json; a="b;c"', 'text/plain', 'text/json', 'application/jsonx',
  'application/json/x', 'application/x+json+y', 'application/json,text/plain', 'application/json text',
  'application', 'json', '/json', '/', 'application/octet-stream', 'application/x-www-form-urlencoded',
  'application/jsonl', 'application/json5', 'application/json-patch+json', 'multipart/form-data; boundary=x',
  'application/ json', 'application /json',
];

// --------------------------------------------------------------------------------------------------- queries

// biome-ignore format: a table
const QUERIES = [
  '', 'limit', 'limit=1&limit=2', 'limit=x&limit=2', 'limit=2&limit=x', 'limit=&limit=1', 'limit=1&limit=',
  'unknown=1', 'LIMIT=x', 'limit=1;order=x', '&&limit=1&', '=1', '=', '&', 'limit=1=2', 'limit==1',
  'limit=%zz', 'limit=%', 'limit=%E2%82', 'limit=%FF', 'limit=+5', 'limit=%2B5', 'limit=%205+', 'l%69mit=0',
  'limit%20=0', '+limit=0', 'field=name&order=ASC&limit=5&page_number=2', 'order=asc', 'order=',
  'order=ASC&order=DESC', 'field=foo&order=x&limit=0&before=x&is_expired=2&page_number=y&after=z',
  'is_expired', 'is_expired=&limit=', 'page_number=null', 'before=null', 'before=',
  'page_number=99999999999999999999999', 'page_number=9007199254740991', '__proto__=1',
  'constructor=1&limit=7', 'limit[]=5', 'limit[0]=0', 'limit.a=0',
];
// biome-ignore format: a table
const FILE_QUERIES = [
  'name=', 'name=%00', 'name=a+b%2Bc', 'name=%FF%FE', 'name=%ED%A0%80', 'name=%F0%9F%98', 'name=%EF%BB%BFx',
  'name=a%20%zz', 'name=%C3%BC', 'name=x&name=y', 'filter=a%20eq%20%27b%27', 'filter=',
  'after_value=2022-06-21T16:40:00.634653%2B00:00', 'after_value=2022-06-21T16:40:00.634653+00:00',
  'after_file_id=', `after_file_id=${ID}&after_value=x`, 'field=size', 'field=name&order=DESC', 'order=desc',
  'include_temporary=ON', 'include_temporary=', 'limit=100', 'limit=0&field=x&include_temporary=maybe',
];

/** Everything FastAPI is asked, in groups of one kind of value or one part of a request. */
export const CASES: readonly Case[] = [
  ...[...OF_ANY_KIND, ...ODD_NUMBERS, ...[...INTEGER_TEXTS, ...LONG_INTEGER_TEXTS].map(text)].map((value) =>
    create(`{"expires_in_seconds":${value}}`),
  ),
  ...INTEGER_TEXTS.flatMap((value) => [
    sessions(query('limit', value)),
    sessions(query('page_number', value)),
  ]),
  ...[...OF_ANY_KIND, ...ODD_NUMBERS, ...BOOLEAN_TEXTS.map(text)].map((value) =>
    create(`{"parallel_processing_enabled":${value}}`),
  ),
  ...BOOLEAN_TEXTS.flatMap((value) => [
    sessions(query('is_expired', value)),
    files(query('include_temporary', value)),
  ]),
  ...[...OF_ANY_KIND, ...ODD_NUMBERS, ...WRITE_MODE_TEXTS.map(text)].map((value) =>
    create(`{"write_mode":${value}}`),
  ),
  ...[...OF_ANY_KIND, '"CLOSED"', '"closed"', '"Closed"', '"OPEN"', '"CLOSED "'].map((value) =>
    close(`{"status":${value}}`),
  ),
  ...UUID_TEXTS.flatMap((value) => [
    sessions(query('after', value)),
    ask({ route: 'list_upload_session_files', params: { ...WORKSPACE, session_id: value } }),
  ]),
  ...[...OF_ANY_KIND, ...ODD_NUMBERS, ...TIME_NUMBERS, ...TIME_TEXTS.map(text)].map((value) =>
    token(`{"expires_at":${value}}`),
  ),
  ...[...OF_ANY_KIND, '"\\ud800"', ...NAME_TEXTS.map(text)].flatMap((value) => [
    token(`{"name":${value}}`),
    workspace(`{"name":${value}}`),
  ]),
  ...[...OF_ANY_KIND, '["a","b"]', '["a",1,null,[],{"a":1}]', '[["a"]]', '["\\ud800"]', '["",""]'].flatMap(
    (value) => [deletion(`{"names":${value}}`), token(`{"workspaces":${value}}`)],
  ),
  ...BODIES.flatMap((body) => [create(body), metadata(body), bulk(body), workspace(body)]),
  ...NOT_JSON.map((body) => create(body)),
  ...NOT_JSON.slice(0, 10).map((body) => metadata(body)),
  ...[
    '[1]',
    '{"x":{}}',
    '{"x":null}',
    '{"a":1,"b":[],"c":{},"d":"x"}',
    '{"__proto__":{"a":1}}',
    '{"__proto__":1}',
    '{"constructor":{"a":[1]}}',
  ].flatMap((body) => [bulk(body), metadata(body)]),
  ...CONTENT_TYPES.flatMap((type) => [create('{"write_mode":1}', type), metadata('{"a":1}', type)]),
  create(null),
  create(null, null),
  create('', 'text/plain'),
  create('\u00fc\u{1f600}', 'text/plain'),
  create('x', null),
  create(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`),
  create(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`),
  ...QUERIES.flatMap((asked) => [
    sessions(asked),
    ask({ route: 'list_upload_session_files', params: SESSION, query: asked }),
  ]),
  ...FILE_QUERIES.map(files),

  // One over each limit, and just within it.
  ...[1000, 1001].map((count) => token(`{"workspaces":[${'"",'.repeat(count - 1)}""]}`)),
  ...[255, 256].map((length) => token(`{"workspaces":["a",${text('b'.repeat(length))},1]}`)),
  ...[1024, 1025].flatMap((length) => {
    const long = 'n'.repeat(length);
    return [
      workspace(`{"name":${text(long)}}`),
      metadata(`{"a":1,${text(long)}:2}`),
      bulk(`{"a":{${text(long)}:2}}`),
    ];
  }),
  ...[1350, 1351].flatMap((length) => {
    const long = 'n'.repeat(length);
    return [
      deletion(`{"names":["a",${text(long)}]}`),
      files(query('name', long)),
      files(query('after_value', long)),
    ];
  }),
  ...[64, 65].map((length) => bulk(`{"a":{},${text('i'.repeat(length))}:{}}`)),
  ...[64, 65].map((length) => bulk(`{"a":{},${text('i'.repeat(length))}:1}`)),

  // Several problems at once: all parts, in order.
  ask({
    route: 'list_upload_session_files',
    params: { ...WORKSPACE, session_id: 'bad' },
    query: 'limit=0&ingestion_status=x&before=1',
  }),
  ask({ route: 'close_upload_session', params: { ...WORKSPACE, session_id: 'bad' }, body: '{"status":"x"}' }),
  ask({ route: 'close_upload_session', params: { ...WORKSPACE, session_id: 'bad' }, body: null }),
  ask({ route: 'close_upload_session', params: { ...WORKSPACE, session_id: 'bad' }, body: '{' }),
  ask({ route: 'close_upload_session', params: { ...WORKSPACE, session_id: ID.toUpperCase() }, body: '{}' }),
  ask({
    route: 'close_upload_session',
    params: { ...WORKSPACE, session_id: ID },
    body: '[]',
    contentType: null,
  }),
  ask({ route: 'update_metadata', params: { ...WORKSPACE, file_id: 'x' }, body: '[]' }),
  ask({ route: 'create_upload_session', params: { workspace_name: 'my ws \u00fc+' }, body: '{}' }),
  create('{"expires_in_seconds":0,"parallel_processing_enabled":"z","write_mode":"x"}'),
  create('{"write_mode":null,"expires_in_seconds":null,"parallel_processing_enabled":null}'),
  create('{"write_mode":"TEMPORARY","parallel_processing_enabled":"yes","expires_in_seconds":"60"}'),
  token(
    '{"name":1,"expires":"x","expires_at":"x","personal":[],"organization_role":"admin","workspaces":[1,"a",2]}',
  ),
  token(
    '{"name":"ci","expires":"off","expires_at":null,"personal":0,"organization_role":"ADMIN","workspaces":["a"]}',
  ),
];
