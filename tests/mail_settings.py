"""The settings of the tests' mail servers; what stands in <> is filled in when they start (`mail_servers.py`)."""

NEEDS_ROOT = "Postfix has to be started as root"

DOVECOT = """
base_dir = <folder>/dovecot
state_dir = <folder>/dovecot
listen = 127.0.0.1
protocols = imap lmtp
log_path = <folder>/dovecot.log
ssl = yes
ssl_cert = <<folder>/server.pem
ssl_key = <<folder>/server.key
auth_mechanisms = plain login
auth_failure_delay = 0
recipient_delimiter = +
mail_location = maildir:<folder>/mail/%u
mail_plugins = quota
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = username_format=%u <folder>/users/%u
}
userdb {
  driver = passwd-file
  args = username_format=%u <folder>/users/%u
  default_fields = uid=nobody gid=nogroup home=<folder>/mail/%u
}
plugin {
  quota = maildir:Mailbox
}
lmtp_hdr_delivery_address = original
lmtp_save_to_detail_mailbox = yes
quota_full_tempfail = no
service imap-login {
  inet_listener imap {
    port = <imap>
  }
  inet_listener imaps {
    port = <imaps>
  }
}
service lmtp {
  unix_listener <folder>/queue/private/dovecot-lmtp {
    mode = 0666
  }
}
service auth {
  unix_listener <folder>/queue/private/dovecot-auth {
    mode = 0666
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
"""
MAIN = """
compatibility_level = 3.5
queue_directory = <folder>/queue
data_directory = <folder>/data
daemon_directory = <daemon_directory>
mail_owner = <mail_owner>
setgid_group = <setgid_group>
maillog_file = <folder>/postfix.log
maillog_file_prefixes = <folder>
myhostname = mail.<domain>
mydomain = <domain>
myorigin = <domain>
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
disable_dns_lookups = yes
default_transport = error:this server keeps to itself
virtual_mailbox_domains = <domain>
virtual_mailbox_maps = <default_database_type>:<folder>/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
recipient_delimiter = +
sender_bcc_maps = regexp:<folder>/postfix/copies
message_size_limit = <most_bytes>
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_chain_files = <folder>/server.key, <folder>/server.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/dovecot-auth
in_flow_delay = 0
minimal_backoff_time = 1s
queue_run_delay = 1s
"""
COPIES = r"/^(filed[^+@]*)(\+[^@]*)?@(.+)$/ ${1}+Accepted@${3}" + "\n"
"""What mailboxes whose name begins with `filed` send is filed in their folder `Accepted`, if they have one."""
MASTER = """
127.0.0.1:<smtp> inet n - n - - smtpd
127.0.0.1:<submission> inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
tlsmgr unix - - n 1000? 1 tlsmgr
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
