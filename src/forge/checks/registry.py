"""The rules, in the order in which they look."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from forge.checks.agent import unknown_field as agent_unknown_field
from forge.checks.behavior import (
    ambiguous_function,
    missing_function,
    unknown_hook,
    wrong_signature,
)
from forge.checks.behavior import syntax as behavior_syntax
from forge.checks.contract import (
    dependency_cycle,
    duplicate_fqn,
    not_carried_out,
    unresolved_reference,
)
from forge.checks.entity import (
    bad_bound,
    bad_pattern,
    bad_sequence_format,
    column_collision,
    computed_cycle,
    computed_does_not_fit,
    computed_with_default,
    constraint_does_not_fit,
    contradicting_constraints,
    default_not_in_enum,
    default_of_wrong_type,
    enum_of_wrong_type,
    format_not_enforced,
    identity_on_composite_key,
    key_arity,
    name_collision,
    no_fields,
    number_field_conflict,
    reference_not_unique,
    reference_type_mismatch,
    reserved_name,
    sensitive_search,
    set_null_on_required,
    state_field_conflict,
    table_collision,
    unknown_field,
    unknown_format,
    unknown_target_field,
)
from forge.checks.expression import syntax
from forge.checks.expression import type as expression_type
from forge.checks.infra import (
    bad_config_value,
    bootstrap_password,
    bootstrap_unknown_role,
    bootstrap_user_incomplete,
    duplicate_category,
    env_var_default_secret,
    password_field_not_sensitive,
    role_field_mismatch,
    unknown_config_key,
    unknown_user_field,
)
from forge.checks.mixin import conflicting_field
from forge.checks.page import path_collision as page_path_collision
from forge.checks.page import sensitive_field, unknown_data_source
from forge.checks.page import unknown_field as page_unknown_field
from forge.checks.project import foreign_domain, no_contracts
from forge.checks.route import (
    bad_assignment,
    computed_required_field,
    custom_endpoint_without_handler,
    duplicate_endpoint,
    path_collision,
    response_status_conflict,
    roles_without_auth,
    transition_without_workflow,
    unknown_role,
)
from forge.checks.route import unknown_field as route_unknown_field
from forge.checks.subject import Subject
from forge.checks.workflow import (
    dead_end_state,
    guard_role_unknown,
    impossible_guard,
    impossible_side_effect,
    override_without_type,
    set_field_of_wrong_type,
    set_managed_field,
    terminal_with_exit,
    unknown_guard_field,
    unknown_set_field,
    unknown_state,
    unreachable_state,
)
from forge.checks.workflow import roles_without_auth as guard_roles_without_auth
from forge.diagnostics import Diagnostic

Check = Callable[[Subject], Iterable[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    no_contracts.check,
    foreign_domain.check,
    duplicate_fqn.check,
    unresolved_reference.check,
    dependency_cycle.check,
    not_carried_out.check,
    conflicting_field.check,
    no_fields.check,
    unknown_field.check,
    unknown_target_field.check,
    reference_type_mismatch.check,
    reference_not_unique.check,
    key_arity.check,
    set_null_on_required.check,
    default_of_wrong_type.check,
    default_not_in_enum.check,
    enum_of_wrong_type.check,
    constraint_does_not_fit.check,
    contradicting_constraints.check,
    bad_pattern.check,
    bad_bound.check,
    computed_does_not_fit.check,
    bad_sequence_format.check,
    computed_with_default.check,
    computed_cycle.check,
    identity_on_composite_key.check,
    unknown_format.check,
    format_not_enforced.check,
    reserved_name.check,
    name_collision.check,
    table_collision.check,
    column_collision.check,
    state_field_conflict.check,
    number_field_conflict.check,
    sensitive_search.check,
    unknown_state.check,
    unreachable_state.check,
    dead_end_state.check,
    terminal_with_exit.check,
    impossible_guard.check,
    impossible_side_effect.check,
    unknown_guard_field.check,
    unknown_set_field.check,
    set_managed_field.check,
    set_field_of_wrong_type.check,
    override_without_type.check,
    guard_role_unknown.check,
    guard_roles_without_auth.check,
    route_unknown_field.check,
    path_collision.check,
    duplicate_endpoint.check,
    custom_endpoint_without_handler.check,
    unknown_role.check,
    roles_without_auth.check,
    transition_without_workflow.check,
    bad_assignment.check,
    response_status_conflict.check,
    computed_required_field.check,
    page_unknown_field.check,
    sensitive_field.check,
    page_path_collision.check,
    unknown_data_source.check,
    agent_unknown_field.check,
    behavior_syntax.check,
    missing_function.check,
    ambiguous_function.check,
    wrong_signature.check,
    unknown_hook.check,
    duplicate_category.check,
    unknown_config_key.check,
    bad_config_value.check,
    unknown_user_field.check,
    password_field_not_sensitive.check,
    role_field_mismatch.check,
    bootstrap_user_incomplete.check,
    bootstrap_password.check,
    bootstrap_unknown_role.check,
    env_var_default_secret.check,
    syntax.check,
    expression_type.check,
)
