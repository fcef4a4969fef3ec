-- People: invitations that can be sent again, links to set a password, second factors, and a trail that
-- says from where.

-- Who still has to set up a second factor is decided per tenant.
alter table zixly.tenants add column second_factor_required boolean not null default false;

-- A tenant is set up by its founder when it has been made by a set-up link.
create table app_private.set_up_links (
  token_hash bytea primary key,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);

-- One use, a short life, the hash alone: for people who forgot their password.
create table zixly.password_resets (
  tenant_id  text collate "C" not null default app.tenant_id(),
  id         text collate "C" not null default app.new_id('pwr'),
  user_id    text collate "C" not null,
  token_hash bytea not null,
  expires_at timestamptz not null default now() + interval '1 day',
  used_at    timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references zixly.users (tenant_id, id) on delete cascade,
  constraint password_reset_token_unique unique (tenant_id, token_hash)
);

-- A time-based one-time password (RFC 6238) and recovery codes, in force.
create table zixly.second_factors (
  tenant_id       text collate "C" not null default app.tenant_id(),
  id              text collate "C" not null default app.new_id('2fa'),
  user_id         text collate "C" not null,
  secret          text not null,
  -- The last 30-second step used, so that a code works once.
  last_step       bigint not null,
  recovery_hashes bytea[] not null,
  confirmed_at    timestamptz not null,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references zixly.users (tenant_id, id) on delete cascade,
  constraint second_factor_unique unique (tenant_id, user_id)
);

-- A second factor that is being set up: the secret shown, until the first code confirms it.
create table app_private.pending_factors (
  tenant_id text collate "C" not null,
  user_id   text collate "C" not null,
  secret    text not null,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references zixly.users (tenant_id, id) on delete cascade
);

-- One open invitation per address.
create unique index invitation_open_unique on zixly.invitations (tenant_id, lower(email))
  where accepted_at is null and withdrawn_at is null;

-- The trail: who as they were called then, from where, and whose client it was about. Beside changes of
-- rows it holds what people did that changes none.
alter table zixly.audit_log
  add column user_email text,
  add column address text,
  add column client_kpi_id text collate "C",
  drop constraint audit_action_known,
  add constraint audit_action_known check (action in (
    'INSERT', 'UPDATE', 'DELETE', 'SIGN_IN', 'SIGN_IN_FAILED', 'SIGN_OUT', 'SESSION_ENDED',
    'PASSWORD_SET', 'PASSWORD_RESET_ASKED', 'SECOND_FACTOR_ON', 'SECOND_FACTOR_OFF',
    'RECOVERY_CODE_USED', 'EXPORT'));
create index audit_log_by_time on zixly.audit_log (tenant_id, at);
create index audit_log_by_person on zixly.audit_log (tenant_id, user_id, at);
create index audit_log_by_client on zixly.audit_log (tenant_id, client_kpi_id, at);
