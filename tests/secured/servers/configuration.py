"""How both servers are set: TLS, passwords, rules, roles, and a log of every decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.local import ports
from tests.secured.rendered import SUPERUSER

if TYPE_CHECKING:
    from tests.secured.servers.secured import Secured

RELOAD_SECONDS = 1
"""How often Elasticsearch looks whether its users, roles and certificates have changed."""

KAFKA_AUDIT = """\
logger.audit.name = kafka.authorizer.logger
logger.audit.level = debug
"""
ELASTICSEARCH_AUDIT = """\
logger.audit.name = org.elasticsearch.xpack.security.audit.logfile.LoggingAuditTrail
logger.audit.level = info
logger.audit.additivity = false
logger.audit.appenderRef.audit.ref = audit
appender.audit.type = Console
appender.audit.name = audit
appender.audit.layout.type = PatternLayout
appender.audit.layout.pattern = AUDIT %map{event.action} %map{user.name} %map{action} %map{indices}%n
"""
"""Both servers log every decision, so that a test can see which rights were used."""


def kafka_settings(secured: Secured) -> dict[str, str]:
    clients = f"CLIENTS://{ports.HOST}:{secured.ports.kafka}"
    controller = f"CONTROLLER://{ports.HOST}:{secured.ports.controller}"
    password = secured.kafka_passwords[SUPERUSER]
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required"
    account = f'username="{SUPERUSER}" password="{password}"'
    return {
        "listeners": f"{clients},{controller}",
        "advertised.listeners": f"{clients},{controller}",
        "inter.broker.listener.name": "CLIENTS",
        "listener.security.protocol.map": "CONTROLLER:SASL_SSL,CLIENTS:SASL_SSL",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": f'{plain} {account} user_{SUPERUSER}="{password}";',
        "listener.name.clients.scram-sha-512.sasl.jaas.config": f"{scram} {account};",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": "server.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": "ca.pem",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{SUPERUSER}",
        "allow.everyone.if.no.acl.found": "false",
    }


def elasticsearch_settings() -> dict[str, str | int | bool]:
    return {
        "xpack.security.enabled": True,
        "xpack.security.enrollment.enabled": False,
        "xpack.security.http.ssl.enabled": True,
        "xpack.security.http.ssl.key": "http.key",
        "xpack.security.http.ssl.certificate": "http.crt",
        "resource.reload.interval.high": f"{RELOAD_SECONDS}s",
        # Its log of every decision is not in the basic licence.
        "xpack.license.self_generated.type": "trial",
        "xpack.security.audit.enabled": True,
        "xpack.security.audit.logfile.events.include": "access_granted,access_denied,authentication_failed",
    }
