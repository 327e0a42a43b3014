/** Functions that are worth offering, besides those that the grammar has as words. Tests look for each of them in its engine. */

const BOTH =
  'abs acos age any_value array_agg array_append array_length array_position array_to_string ascii asin atan atan2 avg bit_and bit_or ' +
  'bool_and bool_or ceil chr coalesce concat concat_ws corr cos count covar_pop covar_samp cume_dist current_date date_part date_trunc ' +
  'degrees dense_rank exp extract first_value floor format gcd generate_series greatest lag last_value lcm lead least left length ln ' +
  'log lower lpad ltrim make_date make_time make_timestamp max md5 min mod mode now nth_value ntile nullif percent_rank ' +
  'pi power radians random rank regexp_matches regexp_replace regexp_split_to_array regr_intercept regr_r2 regr_slope repeat ' +
  'replace reverse right round row_number row_to_json rpad rtrim sign sin sqrt starts_with stddev stddev_pop stddev_samp string_agg ' +
  'string_to_array strpos substr substring sum tan to_json to_timestamp translate trim trunc unnest upper var_pop var_samp variance'

const DUCKDB =
  'approx_count_distinct approx_quantile arg_max arg_min array_slice bin contains count_if date_add date_diff date_sub day dayname dayofweek ' +
  'dayofyear epoch epoch_ms favg first flatten from_json fsum geomean hash histogram hour isfinite isinf isnan json_array_length json_extract ' +
  'json_extract_string json_keys json_object json_type json_valid kurtosis last last_day len levenshtein list list_aggregate list_contains ' +
  'list_distinct list_extract list_filter list_slice list_sort list_sum list_transform mad make_timestamptz map map_extract map_keys ' +
  'map_values max_by median min_by minute month monthname ord prefix product quantile_cont quantile_disc quarter range reduce ' +
  'regexp_extract regexp_extract_all regexp_full_match second sha256 skewness split_part strftime string_split strip_accents strptime ' +
  'struct_extract struct_insert struct_pack suffix time_bucket to_days to_hours to_minutes to_months to_seconds to_years try_strptime ' +
  'typeof unicode url_decode url_encode uuid week weekofyear year yearweek'

const POSTGRESQL =
  'array_remove array_replace bit_length btrim cardinality clock_timestamp convert_from date_bin decode encode gen_random_uuid ' +
  'jsonb_agg jsonb_array_elements jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_extract_path jsonb_object_agg ' +
  'jsonb_object_keys jsonb_path_query jsonb_set jsonb_to_recordset jsonb_typeof json_agg json_build_object make_interval octet_length ' +
  'percentile_cont percentile_disc phraseto_tsquery plainto_tsquery pg_typeof quote_literal regexp_count regexp_match regexp_split_to_table regexp_substr split_part ' +
  'statement_timestamp to_char to_date to_jsonb to_number to_tsquery to_tsvector ts_headline ts_rank width_bucket'

const words = (...lists: string[]) => lists.flatMap((list) => list.split(' '))

export const FUNCTIONS = { duckdb: words(BOTH, DUCKDB), postgresql: words(BOTH, POSTGRESQL) } as const
