CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0009');
CREATE TABLE engine_event (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	run VARCHAR(64) NOT NULL, 
	root VARCHAR(64) NOT NULL, 
	task TEXT NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	data JSON NOT NULL, 
	at VARCHAR(40) NOT NULL
);
CREATE TABLE engine_node (
	id VARCHAR(64) NOT NULL, 
	parent VARCHAR(64), 
	run VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	role VARCHAR(1) NOT NULL, 
	sender TEXT NOT NULL, 
	"to" TEXT NOT NULL, 
	body TEXT NOT NULL, 
	created_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(parent) REFERENCES engine_node (id)
);
CREATE TABLE "md_answer_due" (
	answer_due_pk INTEGER NOT NULL, 
	session_id VARCHAR(255) NOT NULL, 
	user_task_execution_fk INTEGER, 
	user_message_fk INTEGER, 
	creation_date DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	claimed_by VARCHAR(64), 
	claimed_until DATETIME, claimed_date DATETIME, 
	CONSTRAINT pk_md_answer_due PRIMARY KEY (answer_due_pk), 
	CONSTRAINT fk_md_answer_due_user_message_fk FOREIGN KEY(user_message_fk) REFERENCES md_message (message_pk), 
	CONSTRAINT fk_md_answer_due_session_id FOREIGN KEY(session_id) REFERENCES md_session (session_id), 
	CONSTRAINT fk_md_answer_due_user_task_execution_fk FOREIGN KEY(user_task_execution_fk) REFERENCES md_user_task_execution (user_task_execution_pk)
);
CREATE TABLE md_company (
	company_pk INTEGER NOT NULL, 
	name VARCHAR(255), 
	website VARCHAR(255), 
	emoji VARCHAR(255), 
	creation_date DATETIME NOT NULL, 
	last_update_date DATETIME, 
	CONSTRAINT pk_md_company PRIMARY KEY (company_pk)
);
CREATE TABLE md_delivery (
	delivery_pk INTEGER NOT NULL, 
	session_id VARCHAR(255) NOT NULL, 
	message_fk INTEGER NOT NULL, 
	produced_text_version_fk INTEGER, 
	event_name VARCHAR(255) NOT NULL, 
	payload JSON NOT NULL, 
	copies INTEGER NOT NULL, 
	next_copy DATETIME NOT NULL, 
	CONSTRAINT pk_md_delivery PRIMARY KEY (delivery_pk), 
	CONSTRAINT fk_md_delivery_message_fk FOREIGN KEY(message_fk) REFERENCES md_message (message_pk), 
	CONSTRAINT fk_md_delivery_produced_text_version_fk FOREIGN KEY(produced_text_version_fk) REFERENCES md_produced_text_version (produced_text_version_pk), 
	CONSTRAINT fk_md_delivery_session_id FOREIGN KEY(session_id) REFERENCES md_session (session_id), 
	CONSTRAINT uq_md_delivery_message_fk UNIQUE (message_fk)
);
CREATE TABLE md_event (
	event_pk INTEGER NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	event_type VARCHAR(255) NOT NULL, 
	message JSON NOT NULL, 
	creation_date DATETIME NOT NULL, 
	CONSTRAINT pk_md_event PRIMARY KEY (event_pk), 
	CONSTRAINT fk_md_event_user_id_md_user FOREIGN KEY(user_id) REFERENCES md_user (user_id)
);
CREATE TABLE md_home_chat (
	home_chat_pk INTEGER NOT NULL, 
	session_id VARCHAR(255) NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	week DATE NOT NULL, 
	creation_date DATETIME NOT NULL, 
	CONSTRAINT pk_md_home_chat PRIMARY KEY (home_chat_pk), 
	CONSTRAINT fk_md_home_chat_session_id FOREIGN KEY(session_id) REFERENCES md_session (session_id), 
	CONSTRAINT fk_md_home_chat_user_id FOREIGN KEY(user_id) REFERENCES md_user (user_id), 
	CONSTRAINT uq_md_home_chat_user_id_week UNIQUE (user_id, week)
);
CREATE TABLE md_job_run (
	job_run_pk INTEGER NOT NULL, 
	job VARCHAR(40) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	day DATE NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	attempts INTEGER NOT NULL, 
	claimed_by VARCHAR(64), 
	claimed_until DATETIME, 
	started DATETIME, 
	ended DATETIME, 
	sending DATETIME, 
	next_try DATETIME, 
	failure TEXT, 
	gave_up BOOLEAN NOT NULL, 
	CONSTRAINT pk_md_job_run PRIMARY KEY (job_run_pk), 
	CONSTRAINT fk_md_job_run_user_id_md_user FOREIGN KEY(user_id) REFERENCES md_user (user_id), 
	CONSTRAINT uq_md_job_run_job_subject_day UNIQUE (job, subject, day)
);
CREATE TABLE md_llm_call (
	llm_call_pk INTEGER NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	user_task_execution_fk INTEGER, 
	purpose VARCHAR(50) NOT NULL, 
	model VARCHAR(255) NOT NULL, 
	input_tokens INTEGER NOT NULL, 
	output_tokens INTEGER NOT NULL, 
	creation_date DATETIME NOT NULL, 
	CONSTRAINT pk_md_llm_call PRIMARY KEY (llm_call_pk), 
	CONSTRAINT fk_md_llm_call_user_id FOREIGN KEY(user_id) REFERENCES md_user (user_id), 
	CONSTRAINT fk_md_llm_call_user_task_execution_fk FOREIGN KEY(user_task_execution_fk) REFERENCES md_user_task_execution (user_task_execution_pk)
);
CREATE TABLE md_message (
	message_pk INTEGER NOT NULL, 
	session_id VARCHAR(255) NOT NULL, 
	message_id VARCHAR(255), 
	user_task_execution_fk INTEGER, 
	sender VARCHAR(20) NOT NULL, 
	message JSON NOT NULL, 
	event_name VARCHAR(255), 
	creation_date DATETIME NOT NULL, 
	message_date DATETIME NOT NULL, 
	read_by_user DATETIME, 
	in_error_state DATETIME, node_id VARCHAR(64), 
	CONSTRAINT pk_md_message PRIMARY KEY (message_pk), 
	CONSTRAINT fk_md_message_session_id FOREIGN KEY(session_id) REFERENCES md_session (session_id), 
	CONSTRAINT fk_md_message_user_task_execution_fk FOREIGN KEY(user_task_execution_fk) REFERENCES md_user_task_execution (user_task_execution_pk), 
	CONSTRAINT uq_md_message_session_id_message_id UNIQUE (session_id, message_id)
);
CREATE TABLE md_platform (
	platform_pk INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_md_platform PRIMARY KEY (platform_pk), 
	CONSTRAINT uq_md_platform_name UNIQUE (name)
);
CREATE TABLE md_predefined_action_displayed_data (
	predefined_action_displayed_data_pk INTEGER NOT NULL, 
	task_predefined_action_association_fk INTEGER NOT NULL, 
	language_code VARCHAR(2) NOT NULL, 
	displayed_data JSON NOT NULL, 
	CONSTRAINT pk_md_predefined_action_displayed_data PRIMARY KEY (predefined_action_displayed_data_pk), 
	CONSTRAINT fk_md_predefined_action_displayed_data_association FOREIGN KEY(task_predefined_action_association_fk) REFERENCES md_task_predefined_action_association (task_predefined_action_association_pk)
);
CREATE TABLE md_produced_text (
	produced_text_pk INTEGER NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	user_task_execution_fk INTEGER, 
	session_id VARCHAR(255), 
	deleted_by_user DATETIME, 
	CONSTRAINT pk_md_produced_text PRIMARY KEY (produced_text_pk), 
	CONSTRAINT fk_md_produced_text_session_id FOREIGN KEY(session_id) REFERENCES md_session (session_id), 
	CONSTRAINT fk_md_produced_text_user_id FOREIGN KEY(user_id) REFERENCES md_user (user_id), 
	CONSTRAINT fk_md_produced_text_user_task_execution_fk FOREIGN KEY(user_task_execution_fk) REFERENCES md_user_task_execution (user_task_execution_pk)
);
CREATE TABLE md_produced_text_version (
	produced_text_version_pk INTEGER NOT NULL, 
	produced_text_fk INTEGER NOT NULL, 
	production TEXT NOT NULL, 
	title TEXT, 
	creation_date DATETIME NOT NULL, 
	text_type_fk INTEGER, 
	read_by_user DATETIME, node_id VARCHAR(64), 
	CONSTRAINT pk_md_produced_text_version PRIMARY KEY (produced_text_version_pk), 
	CONSTRAINT fk_md_produced_text_version_produced_text_fk FOREIGN KEY(produced_text_fk) REFERENCES md_produced_text (produced_text_pk), 
	CONSTRAINT fk_md_produced_text_version_text_type_fk FOREIGN KEY(text_type_fk) REFERENCES md_text_type (text_type_pk)
);
CREATE TABLE md_product (
	product_pk INTEGER NOT NULL, 
	label VARCHAR(255), 
	status VARCHAR(20) NOT NULL, 
	free BOOLEAN NOT NULL, 
	product_category_fk INTEGER, 
	n_days_validity INTEGER, 
	n_tasks_limit INTEGER, 
	product_stripe_id VARCHAR(255), 
	product_apple_id VARCHAR(255), 
	CONSTRAINT pk_md_product PRIMARY KEY (product_pk), 
	CONSTRAINT fk_md_product_product_category_fk FOREIGN KEY(product_category_fk) REFERENCES md_product_category (product_category_pk), 
	CONSTRAINT uq_md_product_label UNIQUE (label)
);
CREATE TABLE md_product_category (
	product_category_pk INTEGER NOT NULL, 
	label VARCHAR(255) NOT NULL, 
	emoji VARCHAR(255) NOT NULL, 
	implicit_goal VARCHAR(255) NOT NULL, 
	visible BOOLEAN NOT NULL, 
	CONSTRAINT pk_md_product_category PRIMARY KEY (product_category_pk), 
	CONSTRAINT uq_md_product_category_label UNIQUE (label)
);
CREATE TABLE md_product_category_displayed_data (
	product_category_displayed_data_pk INTEGER NOT NULL, 
	product_category_fk INTEGER NOT NULL, 
	language_code VARCHAR(5) NOT NULL, 
	name_for_user VARCHAR(255) NOT NULL, 
	description_for_user TEXT NOT NULL, 
	CONSTRAINT pk_md_product_category_displayed_data PRIMARY KEY (product_category_displayed_data_pk), 
	CONSTRAINT fk_md_product_category_displayed_data_product_category_fk FOREIGN KEY(product_category_fk) REFERENCES md_product_category (product_category_pk), 
	CONSTRAINT uq_md_product_category_displayed_data_product_category_fk_language_code UNIQUE (product_category_fk, language_code)
);
CREATE TABLE md_product_displayed_data (
	product_displayed_data_pk INTEGER NOT NULL, 
	product_fk INTEGER NOT NULL, 
	language_code VARCHAR(5) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_md_product_displayed_data PRIMARY KEY (product_displayed_data_pk), 
	CONSTRAINT fk_md_product_displayed_data_product_fk FOREIGN KEY(product_fk) REFERENCES md_product (product_pk), 
	CONSTRAINT uq_md_product_displayed_data_product_fk_language_code UNIQUE (product_fk, language_code)
);
CREATE TABLE md_product_task (
	product_task_pk INTEGER NOT NULL, 
	product_fk INTEGER NOT NULL, 
	task_fk INTEGER NOT NULL, 
	CONSTRAINT pk_md_product_task PRIMARY KEY (product_task_pk), 
	CONSTRAINT fk_md_product_task_product_fk FOREIGN KEY(product_fk) REFERENCES md_product (product_pk), 
	CONSTRAINT fk_md_product_task_task_fk FOREIGN KEY(task_fk) REFERENCES md_task (task_pk), 
	CONSTRAINT uq_md_product_task_product_fk_task_fk UNIQUE (product_fk, task_fk)
);
CREATE TABLE md_purchase (
	purchase_pk INTEGER NOT NULL, 
	user_id VARCHAR(255), 
	product_fk INTEGER NOT NULL, 
	creation_date DATETIME NOT NULL, 
	active BOOLEAN NOT NULL, 
	completed_date DATETIME, 
	subscription_stripe_id VARCHAR(255), 
	session_stripe_id VARCHAR(255), 
	customer_stripe_id VARCHAR(255), 
	apple_transaction_id VARCHAR(255), 
	apple_original_transaction_id VARCHAR(255), 
	custom_purchase_id VARCHAR(255), 
	CONSTRAINT pk_md_purchase PRIMARY KEY (purchase_pk), 
	CONSTRAINT fk_md_purchase_product_fk FOREIGN KEY(product_fk) REFERENCES md_product (product_pk), 
	CONSTRAINT fk_md_purchase_user_id FOREIGN KEY(user_id) REFERENCES md_user (user_id)
);
CREATE TABLE md_session (
	session_id VARCHAR(255) NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	creation_date DATETIME NOT NULL, 
	platform VARCHAR(20), 
	starting_mode VARCHAR(20), 
	language VARCHAR(5) NOT NULL, 
	title VARCHAR(255), 
	end_date DATETIME, 
	deleted_by_user BOOLEAN NOT NULL, run_id VARCHAR(64), thread_node VARCHAR(64), 
	CONSTRAINT pk_md_session PRIMARY KEY (session_id), 
	CONSTRAINT fk_md_session_user_id FOREIGN KEY(user_id) REFERENCES md_user (user_id)
);
CREATE TABLE md_session_run (
	session_run_pk INTEGER NOT NULL, 
	session_id VARCHAR(255) NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_md_session_run PRIMARY KEY (session_run_pk), 
	CONSTRAINT fk_md_session_run_session_id FOREIGN KEY(session_id) REFERENCES md_session (session_id), 
	CONSTRAINT uq_md_session_run_run_id UNIQUE (run_id)
);
CREATE TABLE md_task (
	task_pk INTEGER NOT NULL, 
	type VARCHAR(20) NOT NULL, 
	name_for_system VARCHAR(255) NOT NULL, 
	definition_for_system TEXT NOT NULL, 
	final_instruction TEXT, 
	infos_to_extract JSON, 
	output_format_instruction_title VARCHAR(255), 
	output_format_instruction_draft VARCHAR(255), 
	output_text_type_fk INTEGER, 
	icon VARCHAR(255), 
	visible_for_teasing BOOLEAN NOT NULL, 
	result_chat_enabled BOOLEAN NOT NULL, 
	catalog_group VARCHAR(255), 
	file_digest VARCHAR(64), 
	retired BOOLEAN NOT NULL, 
	CONSTRAINT pk_md_task PRIMARY KEY (task_pk), 
	CONSTRAINT fk_md_task_output_text_type_fk FOREIGN KEY(output_text_type_fk) REFERENCES md_text_type (text_type_pk), 
	CONSTRAINT uq_md_task_name_for_system UNIQUE (name_for_system)
);
CREATE TABLE md_task_displayed_data (
	task_displayed_data_pk INTEGER NOT NULL, 
	task_fk INTEGER NOT NULL, 
	language_code VARCHAR(2) NOT NULL, 
	name_for_user VARCHAR(255) NOT NULL, 
	definition_for_user TEXT NOT NULL, 
	json_input JSON NOT NULL, 
	CONSTRAINT pk_md_task_displayed_data PRIMARY KEY (task_displayed_data_pk), 
	CONSTRAINT fk_md_task_displayed_data_task_fk FOREIGN KEY(task_fk) REFERENCES md_task (task_pk), 
	CONSTRAINT uq_md_task_displayed_data_task_fk_language_code UNIQUE (task_fk, language_code)
);
CREATE TABLE md_task_platform_association (
	task_platform_association_pk INTEGER NOT NULL, 
	task_fk INTEGER NOT NULL, 
	platform_fk INTEGER NOT NULL, 
	CONSTRAINT pk_md_task_platform_association PRIMARY KEY (task_platform_association_pk), 
	CONSTRAINT fk_md_task_platform_association_platform_fk FOREIGN KEY(platform_fk) REFERENCES md_platform (platform_pk), 
	CONSTRAINT fk_md_task_platform_association_task_fk FOREIGN KEY(task_fk) REFERENCES md_task (task_pk), 
	CONSTRAINT uq_md_task_platform_association_task_fk_platform_fk UNIQUE (task_fk, platform_fk)
);
CREATE TABLE md_task_predefined_action_association (
	task_predefined_action_association_pk INTEGER NOT NULL, 
	task_fk INTEGER NOT NULL, 
	predefined_action_fk INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	CONSTRAINT pk_md_task_predefined_action_association PRIMARY KEY (task_predefined_action_association_pk), 
	CONSTRAINT fk_md_task_predefined_action_association_predefined_action_fk FOREIGN KEY(predefined_action_fk) REFERENCES md_task (task_pk), 
	CONSTRAINT fk_md_task_predefined_action_association_task_fk FOREIGN KEY(task_fk) REFERENCES md_task (task_pk), 
	CONSTRAINT uq_md_task_predefined_action_association_task_fk_predefined_action_fk UNIQUE (task_fk, predefined_action_fk)
);
CREATE TABLE md_text_type (
	text_type_pk INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_md_text_type PRIMARY KEY (text_type_pk), 
	CONSTRAINT uq_md_text_type_name UNIQUE (name)
);
CREATE TABLE md_todo (
	todo_pk INTEGER NOT NULL, 
	user_task_execution_fk INTEGER NOT NULL, 
	description TEXT NOT NULL, 
	creation_date DATETIME NOT NULL, 
	completed DATETIME, 
	read_by_user DATETIME, 
	deleted_by_user DATETIME, 
	deleted_by_mojo DATETIME, 
	deletion_justification TEXT, source TEXT, deletion_cause TEXT, by_user BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_md_todo PRIMARY KEY (todo_pk), 
	CONSTRAINT fk_md_todo_user_task_execution_fk FOREIGN KEY(user_task_execution_fk) REFERENCES md_user_task_execution (user_task_execution_pk)
);
CREATE TABLE md_todo_scheduling (
	todo_scheduling_pk INTEGER NOT NULL, 
	todo_fk INTEGER NOT NULL, 
	scheduled_date DATE NOT NULL, 
	creation_date DATETIME NOT NULL, 
	reschedule_justification TEXT, by_user BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_md_todo_scheduling PRIMARY KEY (todo_scheduling_pk), 
	CONSTRAINT fk_md_todo_scheduling_todo_fk FOREIGN KEY(todo_fk) REFERENCES md_todo (todo_pk)
);
CREATE TABLE md_user (
	user_id VARCHAR(255) NOT NULL, 
	email VARCHAR(255) NOT NULL, 
	name VARCHAR(255), 
	password VARCHAR(255), 
	google_id VARCHAR(255), 
	microsoft_id VARCHAR(255), 
	apple_id VARCHAR(255), 
	creation_date DATETIME NOT NULL, 
	terms_and_conditions_accepted DATETIME, 
	onboarding_presented DATETIME, 
	language_code VARCHAR(5), 
	timezone_offset INTEGER, 
	goal TEXT, 
	summary TEXT, 
	last_summary_update_date DATETIME, 
	company_fk INTEGER, 
	company_description TEXT, 
	last_company_description_update_date DATETIME, 
	product_category_fk INTEGER, 
	todo_email_reception BOOLEAN NOT NULL, timezone VARCHAR(64), todo_feed_digest VARCHAR(64), 
	CONSTRAINT pk_md_user PRIMARY KEY (user_id), 
	CONSTRAINT fk_md_user_company_fk FOREIGN KEY(company_fk) REFERENCES md_company (company_pk), 
	CONSTRAINT fk_md_user_product_category_fk FOREIGN KEY(product_category_fk) REFERENCES md_product_category (product_category_pk), 
	CONSTRAINT uq_md_user_email UNIQUE (email)
);
CREATE TABLE md_user_task (
	user_task_pk INTEGER NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	task_fk INTEGER NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	CONSTRAINT pk_md_user_task PRIMARY KEY (user_task_pk), 
	CONSTRAINT fk_md_user_task_task_fk FOREIGN KEY(task_fk) REFERENCES md_task (task_pk), 
	CONSTRAINT fk_md_user_task_user_id FOREIGN KEY(user_id) REFERENCES md_user (user_id), 
	CONSTRAINT uq_md_user_task_user_id_task_fk UNIQUE (user_id, task_fk)
);
CREATE TABLE md_user_task_execution (
	user_task_execution_pk INTEGER NOT NULL, 
	user_task_fk INTEGER NOT NULL, 
	session_id VARCHAR(255) NOT NULL, 
	json_input_values JSON NOT NULL, 
	start_date DATETIME, 
	end_date DATETIME, 
	title VARCHAR(255), 
	summary TEXT, 
	predefined_action_from_user_task_execution_fk INTEGER, 
	todos_extracted DATETIME, 
	deleted_by_user DATETIME, 
	purchase_fk INTEGER, 
	CONSTRAINT pk_md_user_task_execution PRIMARY KEY (user_task_execution_pk), 
	CONSTRAINT fk_md_user_task_execution_parent FOREIGN KEY(predefined_action_from_user_task_execution_fk) REFERENCES md_user_task_execution (user_task_execution_pk), 
	CONSTRAINT fk_md_user_task_execution_purchase_fk FOREIGN KEY(purchase_fk) REFERENCES md_purchase (purchase_pk), 
	CONSTRAINT fk_md_user_task_execution_session_id FOREIGN KEY(session_id) REFERENCES md_session (session_id), 
	CONSTRAINT fk_md_user_task_execution_user_task_fk FOREIGN KEY(user_task_fk) REFERENCES md_user_task (user_task_pk)
);
CREATE TABLE md_user_vocabulary (
	user_vocabulary_pk INTEGER NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	word VARCHAR(255) NOT NULL, 
	creation_date DATETIME NOT NULL, 
	CONSTRAINT pk_md_user_vocabulary PRIMARY KEY (user_vocabulary_pk), 
	CONSTRAINT fk_md_user_vocabulary_user_id FOREIGN KEY(user_id) REFERENCES md_user (user_id)
);
CREATE TABLE md_user_workflow_step_execution (
	user_workflow_step_execution_pk INTEGER NOT NULL, 
	user_task_execution_fk INTEGER NOT NULL, 
	workflow_step_fk INTEGER NOT NULL, 
	creation_date DATETIME NOT NULL, 
	parameter JSON, 
	validated BOOLEAN, 
	learned_instruction TEXT, 
	error_status JSON, parent_pk INTEGER, item_index INTEGER DEFAULT 0 NOT NULL, ended_date DATETIME, revision INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_md_user_workflow_step_execution PRIMARY KEY (user_workflow_step_execution_pk), 
	CONSTRAINT fk_md_user_workflow_step_execution_user_task_execution_fk FOREIGN KEY(user_task_execution_fk) REFERENCES md_user_task_execution (user_task_execution_pk), 
	CONSTRAINT fk_md_user_workflow_step_execution_workflow_step_fk FOREIGN KEY(workflow_step_fk) REFERENCES md_workflow_step (workflow_step_pk)
);
CREATE TABLE md_user_workflow_step_execution_result (
	user_workflow_step_execution_result_pk INTEGER NOT NULL, 
	user_workflow_step_execution_fk INTEGER NOT NULL, 
	creation_date DATETIME NOT NULL, 
	result JSON, 
	author VARCHAR NOT NULL, 
	CONSTRAINT pk_md_user_workflow_step_execution_result PRIMARY KEY (user_workflow_step_execution_result_pk), 
	CONSTRAINT fk_md_user_workflow_step_execution_result_execution FOREIGN KEY(user_workflow_step_execution_fk) REFERENCES md_user_workflow_step_execution (user_workflow_step_execution_pk)
);
CREATE TABLE md_workflow_run (
	user_task_execution_fk INTEGER NOT NULL, 
	paused BOOLEAN NOT NULL, 
	auto_step_pk INTEGER, 
	ended_date DATETIME, stopped BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_md_workflow_run PRIMARY KEY (user_task_execution_fk), 
	CONSTRAINT fk_md_workflow_run_user_task_execution_fk FOREIGN KEY(user_task_execution_fk) REFERENCES md_user_task_execution (user_task_execution_pk)
);
CREATE TABLE md_workflow_step (
	workflow_step_pk INTEGER NOT NULL, 
	task_fk INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	name_for_system VARCHAR(255) NOT NULL, 
	definition_for_system VARCHAR(255), 
	user_validation_required BOOLEAN NOT NULL, 
	review_chat_enabled BOOLEAN NOT NULL, 
	CONSTRAINT pk_md_workflow_step PRIMARY KEY (workflow_step_pk), 
	CONSTRAINT fk_md_workflow_step_task_fk FOREIGN KEY(task_fk) REFERENCES md_task (task_pk), 
	CONSTRAINT uq_md_workflow_step_task_fk_rank UNIQUE (task_fk, rank)
);
CREATE TABLE md_workflow_step_displayed_data (
	workflow_step_displayed_data_pk INTEGER NOT NULL, 
	workflow_step_fk INTEGER NOT NULL, 
	language_code VARCHAR(2) NOT NULL, 
	name_for_user VARCHAR(255) NOT NULL, 
	definition_for_user TEXT NOT NULL, 
	CONSTRAINT pk_md_workflow_step_displayed_data PRIMARY KEY (workflow_step_displayed_data_pk), 
	CONSTRAINT fk_md_workflow_step_displayed_data_workflow_step_fk FOREIGN KEY(workflow_step_fk) REFERENCES md_workflow_step (workflow_step_pk), 
	CONSTRAINT uq_md_workflow_step_displayed_data_workflow_step_fk_language_code UNIQUE (workflow_step_fk, language_code)
);
CREATE INDEX ix_md_product_task_task_fk ON md_product_task (task_fk);
CREATE INDEX ix_md_purchase_user_id ON md_purchase (user_id);
CREATE INDEX ix_md_session_user_id ON md_session (user_id);
CREATE INDEX ix_md_user_task_task_fk ON md_user_task (task_fk);
CREATE INDEX ix_md_predefined_action_displayed_data_task_predefined_action_association_fk ON md_predefined_action_displayed_data (task_predefined_action_association_fk);
CREATE INDEX ix_md_user_task_execution_session_id ON md_user_task_execution (session_id);
CREATE INDEX ix_md_user_task_execution_user_task_fk ON md_user_task_execution (user_task_fk);
CREATE INDEX ix_md_llm_call_user_id ON md_llm_call (user_id);
CREATE INDEX ix_md_message_session_order ON md_message (session_id, message_pk);
CREATE INDEX ix_md_message_user_task_execution_fk ON md_message (user_task_execution_fk);
CREATE INDEX ix_md_produced_text_user_id ON md_produced_text (user_id);
CREATE INDEX ix_md_produced_text_user_task_execution_fk ON md_produced_text (user_task_execution_fk);
CREATE INDEX ix_md_todo_user_task_execution_fk ON md_todo (user_task_execution_fk);
CREATE INDEX ix_md_produced_text_version_order ON md_produced_text_version (produced_text_fk, creation_date);
CREATE INDEX ix_md_todo_scheduling_todo_fk ON md_todo_scheduling (todo_fk);
CREATE INDEX ix_md_user_workflow_step_execution_result_user_workflow_step_execution_fk ON md_user_workflow_step_execution_result (user_workflow_step_execution_fk);
CREATE INDEX ix_md_delivery_session_due ON md_delivery (session_id, next_copy);
CREATE INDEX ix_engine_event_root ON engine_event (root);
CREATE INDEX ix_engine_event_run ON engine_event (run);
CREATE INDEX ix_engine_event_type_task ON engine_event (type, task);
CREATE INDEX ix_engine_node_parent ON engine_node (parent);
CREATE INDEX ix_engine_node_run ON engine_node (run);
CREATE TRIGGER engine_node_no_update BEFORE UPDATE ON engine_node BEGIN SELECT RAISE(ABORT, 'engine_node is append-only'); END;
CREATE TRIGGER engine_node_no_delete BEFORE DELETE ON engine_node BEGIN SELECT RAISE(ABORT, 'engine_node is append-only'); END;
CREATE TRIGGER engine_event_no_update BEFORE UPDATE ON engine_event BEGIN SELECT RAISE(ABORT, 'engine_event is append-only'); END;
CREATE TRIGGER engine_event_no_delete BEFORE DELETE ON engine_event BEGIN SELECT RAISE(ABORT, 'engine_event is append-only'); END;
CREATE INDEX ix_md_user_todo_feed_digest ON md_user (todo_feed_digest);
CREATE INDEX ix_md_event_user_id ON md_event (user_id);
CREATE INDEX ix_md_job_run_user_id ON md_job_run (user_id);
CREATE UNIQUE INDEX ix_md_message_node_id ON md_message (node_id);
CREATE UNIQUE INDEX ix_md_produced_text_version_node_id ON md_produced_text_version (node_id);
CREATE INDEX ix_md_session_run_session_id ON md_session_run (session_id);
CREATE INDEX ix_md_answer_due_session_id ON md_answer_due (session_id);
CREATE INDEX ix_md_user_vocabulary_user_id ON md_user_vocabulary (user_id);
CREATE INDEX ix_md_user_workflow_step_execution_revision ON md_user_workflow_step_execution (user_task_execution_fk, revision);
DELETE FROM "sqlite_sequence";
