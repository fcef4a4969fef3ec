-- Which network an address belongs to, for counting attempts. Whoever has one IPv6 address has the 2^64
-- of its /64, so failures are counted by network. What is kept as evidence is the whole address.

-- The network of an address: of IPv6 its first `bits` bits (64: what one connection gets; 48: what a whole
-- site gets), of IPv4 the address itself. However it is spelled: a zone, capitals and long forms make no
-- difference. IPv6 addresses that stand for an IPv4 address are that address, since whoever has the IPv4
-- address chooses the rest: ::ffff:0:0/96 (mapped), 64:ff9b::/96 (NAT64), 2002::/16 (6to4) and 2001::/32
-- (Teredo, where it is inverted). Other text, such as "command line", is itself, as far as it is kept.
-- `zixly_data.access.throttling` has the same rule; a test compares the two.
create or replace function app_private.network(address text, bits integer) returns text
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
  -- Without the zone: fe80::1%eth0.
  spelled constant text := split_part(btrim(address), '%', 1);
  other  constant text := left(address, 64);
  parsed  inet;
  octets  bytea;
  start   integer;
  mask    integer := 0;
begin
  -- inet also reads what is no address: prefixes (1.2.3.4/8), leading zeros (01.2.3.4), a part of the octets.
  if spelled !~ '^([0-9a-fA-F:]*:)?((0|[1-9][0-9]{0,2})\.){3}(0|[1-9][0-9]{0,2})$'
     and spelled !~ '^[0-9a-fA-F:]+$' then
    return other;
  end if;
  begin
    parsed := spelled::inet;
  exception when invalid_text_representation then
    return other;
  end;
  if family(parsed) = 4 then
    return host(parsed);
  end if;
  -- Four bytes of header, then the sixteen of the address.
  octets := substr(inet_send(parsed), 5);
  start := case when parsed << '::ffff:0:0/96' or parsed << '64:ff9b::/96' or parsed << '2001::/32' then 12
                when parsed << '2002::/16' then 2 end;
  if start is null then
    return set_masklen(parsed, bits)::cidr::text;
  end if;
  if parsed << '2001::/32' then
    mask := 255;
  end if;
  return format('%s.%s.%s.%s', get_byte(octets, start) # mask, get_byte(octets, start + 1) # mask,
                get_byte(octets, start + 2) # mask, get_byte(octets, start + 3) # mask);
end
$$;

-- Keeps a failed attempt for `credentials` to count, for a day.
create or replace function app_private.keep_failure(of_email text, from_address text) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  delete from app_private.sign_in_failures
  where at not between clock_timestamp() - interval '1 day' and clock_timestamp() + interval '1 day';
  insert into app_private.sign_in_failures (email, address, network, site)
  values (lower(left(of_email, 254)), left(from_address, 64),
          app_private.network(from_address, 64), app_private.network(from_address, 48));
$$;
